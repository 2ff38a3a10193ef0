import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

const root = projectRoot();

/** What a person writes. */
const WRITTEN = /\.(md|sol|m?ts|[mc]?js|html|css|sh|ya?ml|toml|json)$/;
/**
 * Generated files, the past (the changelog names what was renamed), the benchmark's baseline, whose code stays as it
 * was measured, and this list.
 */
const LEFT_OUT =
  /(^|\/)generated\/|^docs\/openapi\.json$|^package-lock\.json$|^CHANGELOG\.md$|^bench\/baseline\/|^test\/setup\/words\.spec\.ts$/;

/** Where the project's words are kept: every folder that people write in, and the files beside them. */
const KEPT = [
  ...['apps', 'bench', 'contracts', 'data', 'deploy', 'docs', 'libs', 'migrations', 'scripts', 'test'],
  ...readdirSync(root).filter((name) => WRITTEN.test(name) && !LEFT_OUT.test(name)),
];

/** Words and phrases that the project no longer uses, and what it uses instead (docs/glossary.md). */
const RETIRED: readonly (readonly [words: string, instead: string])[] = [
  ['anew', 'again; restarts'],
  ['bring|brings|bringing|brought|bringer|bringers', 'submit, submitter'],
  ['carry|carries|carrying|carried|carrier|carriers', 'relay, submit; contain'],
  ['desk|desks|office|offices', 'VouchersExtension, VouchersAdmin; reader, decider'],
  ['estate|estates|executor', 'OrphanedKeyRecovery'],
  ['lane|lanes', 'RelayerKeyWorker'],
  ['linger|lingers|lingering|patience', 'batchDelayMs, takeoverAfterMs'],
  ['lost tail|lost tails', 'reorg'],
  ['nobody', 'name the actor: no caller, no key, an invalid signature, account zero'],
  ['of ours', 'of the platform'],
  ['pocket|pockets|purse|purses', 'projected balances'],
  ['situation|situations', 'acceptance context'],
  ['strike|strikes|striking|struck', 'discard'],
  ['takings', 'merchant balance'],
  ['tell|tells|telling|told', 'return, report, emit, state'],
  ['the door', 'acceptance; the API'],
  ['town|towns', 'fixture; city'],
  ['travel|travels|travelled|travelling', 'hop'],
  ['what waited', 'name what waits'],
  ['will not have', 'rejects, refuses'],
];

/** Everyday and published uses that stay: in files whose path matches, the phrase is passed over. */
const ALLOWED: readonly (readonly [file: RegExp, phrase: string])[] = [
  // A published code of the API.
  [/./, 'order not carried'],
  // Published in docs/openapi.json.
  [/^libs\/orders\/src\/pipeline\/order-view\.ts$/, 'somebody else brought it to the contract'],
  [/^libs\/reporting\/src\/reports\.dto\.ts$/, 'refused at the door or on chain'],
  // The tax office is the first part of a Korean business number.
  [/^libs\/domain\/src\/business-number\.ts$/, 'offices'],
  [/^libs\/domain\/src\/business-number\.ts$/, 'office'],
  // The account of Unix systems that owns nothing.
  [/^libs\/persistence\/src\/embedded\/server-account\.ts$/, 'nobody'],
];

const ANY_RETIRED = new RegExp(` (${RETIRED.map(([words]) => words).join('|')}) `);

function filesOf(kept: string): string[] {
  if (!statSync(path.join(root, kept)).isDirectory()) return [kept];
  return readdirSync(path.join(root, kept), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(kept, name.split(path.sep).join('/')))
    .filter((file) => WRITTEN.test(file) && !LEFT_OUT.test(file));
}

/** Lower-case words, those within identifiers apart: `testFuzz_pay_tellsAll` is `test fuzz pay tells all`. */
function wordsOf(line: string): string {
  return line
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ');
}

function retiredIn(file: string, text: string): string[] {
  const allowed = ALLOWED.filter(([where]) => where.test(file)).map(([, phrase]) => phrase);
  return text.split('\n').flatMap((line, index) => {
    let words = ` ${wordsOf(line)} `;
    for (const phrase of allowed) words = words.replaceAll(` ${phrase} `, ' … ');
    if (!ANY_RETIRED.test(words)) return [];
    return RETIRED.flatMap(([retired, instead]) => {
      const found = new RegExp(` (${retired})(?= )`).exec(words)?.[1];
      return found === undefined ? [] : [`${file}:${index + 1}: "${found}" (${instead})`];
    });
  });
}

describe('the words of the project', () => {
  it.each(KEPT)('in %s are none of the retired ones', (kept) => {
    const found = filesOf(kept).flatMap((file) =>
      retiredIn(file, readFileSync(path.join(root, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it('are found in sentences and within identifiers', () => {
    const text =
      "// nobody did\ntestFuzz_pay_tellsAll\nrefusesAtTheDoor()\nERC1155Carrier\n'order_not_carried'\nretold";
    expect(retiredIn('a.ts', text).map((found) => found.split('"')[1])).toEqual([
      'nobody',
      'tells',
      'the door',
      'carrier',
    ]);
  });
});

describe('the glossary', () => {
  const glossary = readFileSync(path.join(root, 'docs', 'glossary.md'), 'utf8');

  it('names tables that exist', () => {
    const migrations = readdirSync(path.join(root, 'migrations'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join(root, 'migrations', name), 'utf8'))
      .join('\n');
    const tables = [...glossary.matchAll(/`((?:app|chain|books)\.[a-z_]+)`/g)].map(([, table]) => table);
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter((table) => !migrations.includes(`CREATE TABLE ${table} `))).toEqual([]);
  });

  it('and the operator’s page name metrics that exist', () => {
    const page = readFileSync(path.join(root, 'docs', 'operations.md'), 'utf8');
    const sources = ['apps', 'libs']
      .flatMap((folder) => filesOf(folder))
      .filter((file) => file.endsWith('.ts'));
    const code = sources.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
    const metrics = [...page.matchAll(/`(jangteo_\w+?)(?:_bucket|_count|_sum)?\{/g)].map(
      ([, name]) => name ?? '',
    );
    expect(metrics.length).toBeGreaterThan(5);
    expect(metrics.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});
