import { globSync, readFileSync } from 'node:fs';
import { WON_MAX } from '#domain';
import { GOOD, HttpFixture } from './testing/http-fixture.js';
import { hasWords } from './validation-messages.js';

/** Decorators of class-validator that are no rules. */
const NO_RULES = new Set(['IsOptional', 'ValidateBy', 'ValidateIf', 'ValidateNested']);

describe('a rule of a field', () => {
  it('has words in both languages, whichever decorator of class-validator it comes from', () => {
    const used = globSync(['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts']).flatMap((file) => {
      const [, names = ''] =
        /import \{([^}]*)\} from 'class-validator'/.exec(readFileSync(file, 'utf8')) ?? [];
      return names.split(',').map((name) => name.trim());
    });
    const rules = [...new Set(used)].filter((name) => /^[A-Z]/.test(name) && !NO_RULES.has(name));
    expect(rules.length).toBeGreaterThan(5);
    const nameOf = (decorator: string) => decorator.charAt(0).toLowerCase() + decorator.slice(1);
    expect(rules.map(nameOf).filter((rule) => !hasWords(rule))).toEqual([]);
  });
});

describe('a refused field', () => {
  let http: HttpFixture;
  beforeAll(async () => (http = await HttpFixture.start()));
  afterAll(() => http?.close());

  it.each<[string, object, readonly string[]]>([
    ['won above the largest', { inner: { amount: String(WON_MAX + 1n), nonce: 1 } }, [String(WON_MAX)]],
    ['a number above its bits', { inner: { amount: '1', nonce: 2 ** 32 } }, ['0', String(2 ** 32 - 1)]],
    ['a word that is no choice', { kind: 'stolen' }, ['sold, granted']],
    ['a text that is too long', { note: 'far too long' }, ['5']],
    ['a name that is too long', { name: '긴 이름'.repeat(4) }, ['1', '10']],
  ])('says what it may be in both languages: %s', async (_what, change, values) => {
    for (const lang of ['ko', 'en']) {
      const { body } = await http.post('/v1/things', { ...GOOD, ...change }, lang);
      const [error] = body['errors'] as readonly { message: string }[];
      for (const value of values)
        expect([lang, error?.message]).toEqual([lang, expect.stringContaining(value)]);
    }
  });
});
