import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A sentence in both languages, as it stands in a source. */
interface Pair {
  readonly place: string;
  readonly ko: string;
  readonly en: string;
}

/** Every object of the products' sources that has a text `ko` and a text `en`, or objects of texts. */
function pairsOf(file: string): Pair[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const pairs: Pair[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const [ko, en] = [memberOf(node, 'ko'), memberOf(node, 'en')];
      if (ko !== undefined && en !== undefined) pairs.push(...compared(file, source, ko, en));
    }
    // Sentences that are made where they are needed: lang === 'ko' ? … : ….
    if (ts.isConditionalExpression(node) && /^\w+ === 'ko'$/.test(node.condition.getText()))
      pairs.push(...compared(file, source, node.whenTrue, node.whenFalse));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return pairs;
}

function memberOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = node.properties.find((one) => one.name?.getText() === name);
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** Texts themselves, or the members of objects of texts (title, detail, next, cases of detail). */
function compared(file: string, source: ts.SourceFile, ko: ts.Expression, en: ts.Expression): Pair[] {
  const line = source.getLineAndCharacterOfPosition(ko.getStart()).line + 1;
  if (!ts.isObjectLiteralExpression(ko) || !ts.isObjectLiteralExpression(en)) {
    const texts = [textOf(ko), textOf(en)];
    return texts.includes(undefined)
      ? []
      : [{ place: `${file}:${line}`, ko: texts[0] ?? '', en: texts[1] ?? '' }];
  }
  const names = [...new Set([...ko.properties, ...en.properties].map(({ name }) => name?.getText() ?? ''))];
  return names.flatMap((name) => {
    const [one, other] = [memberOf(ko, name), memberOf(en, name)];
    if (one === undefined || other === undefined)
      return [
        { place: `${file}:${line} ${name}`, ko: one?.getText() ?? 'none', en: other?.getText() ?? 'none' },
      ];
    return compared(file, source, one, other);
  });
}

/** A text with what is put into it as `{…}`; undefined for what is no text. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(({ expression, literal }) => `{${normal(expression)}}${literal.text}`);
  return node.head.text + spans.join('');
}

/** What is put in differently and is the same: 억 (100 million) for readers of Korean, once and twice for those of English. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/shortWon\((\w+)\)/, 'formatWon($1,lang)'],
  [/^times$/, 'circulation'],
  [/places\.join\('.*'\)/, 'places'],
];

/** What is put in, without the language and without what only one language needs, as a particle. */
function normal(expression: ts.Expression): string {
  if (ts.isConditionalExpression(expression)) return `if ${expression.condition.getText()}`;
  const text = expression
    .getText()
    .replaceAll(/\b(ko|en)\b/g, 'lang')
    .replaceAll(/\s/g, '');
  return ALIKE.reduce((one, [pattern, same]) => one.replace(pattern, same), text);
}

/** The values that a sentence names: numbers, what is put in, and words of programs, as "UTF-8" and `flags.gift`. */
function valuesOf(text: string): string[] {
  const placeholders = text.match(/\{[^}]*\}/g) ?? [];
  // Hexadecimal and midnight are words of numbers in Korean.
  const rest = text.replaceAll(/\{[^}]*\}|16진수|밤 12시/g, ' ');
  const numbers = (rest.match(/0x|\d[\d,]*/g) ?? []).map((one) => one.replaceAll(',', ''));
  return [...placeholders, ...numbers].toSorted();
}

/** Latin words of a Korean sentence. */
function latinOf(text: string): string[] {
  return (text.replaceAll(/\{[^}]*\}/g, ' ').match(/[A-Za-z][A-Za-z0-9_./-]*[A-Za-z0-9]/g) ?? []).map((one) =>
    one.toLowerCase(),
  );
}

describe('every sentence for people', () => {
  const pairs = globSync(['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'])
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap(pairsOf);

  it('is found: refusals, fields, explanations', () => {
    expect(pairs.length).toBeGreaterThan(400);
  });

  it('names the same values in Korean and in English', () => {
    const different = pairs
      .filter(({ ko, en }) => JSON.stringify(valuesOf(ko)) !== JSON.stringify(valuesOf(en)))
      .map(({ place, ko, en }) => `${place}\n  ${ko}\n  ${en}`);
    expect(different).toEqual([]);
  });

  it('has every word of a program that its Korean form has in the English one as well', () => {
    const different = pairs.flatMap(({ place, ko, en }) => {
      const english = en.toLowerCase();
      return latinOf(ko)
        .filter((word) => !english.includes(word))
        .map((word) => `${place}: ${word}`);
    });
    expect(different).toEqual([]);
  });
});
