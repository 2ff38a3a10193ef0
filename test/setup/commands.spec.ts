import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../support/until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Scripts that set up the checkout themselves. */
const OWN = ['start', 'dev', 'test', 'check', 'jangteo'];

interface Command {
  readonly build?: boolean | 'new';
  readonly steps: readonly (readonly string[])[];
}

function read(...names: string[]): string {
  return readFileSync(path.join(ROOT, ...names), 'utf8');
}

const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Every `npm …` of a document, and in the README's table the names that follow one in the same cell. */
function commandsOf(markdown: string): string[] {
  const named = [...markdown.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);
  const followers = markdown
    .split('\n')
    .filter((line) => line.startsWith('| `npm run '))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z][\w:]*)`/g)])
    .map(([, name = '']) => name);
  return [...new Set([...named, ...followers])].filter((name) => !['ci', 'install', 'i'].includes(name));
}

describe('the commands', () => {
  let commands: Record<string, Command>;
  beforeAll(() => {
    const url = pathToFileURL(path.join(ROOT, 'scripts/lib/commands.mjs')).href;
    const code = `console.log(JSON.stringify((await import(${JSON.stringify(url)})).COMMANDS))`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    commands = JSON.parse(stdout);
  });

  it('of package.json all begin with a script that gets the right Node', () => {
    for (const [name, line] of Object.entries(scripts)) {
      // `exec` where a signal to npm alone has to arrive; the rest of such a line is for Windows, whose shell has none.
      const plain = line.replace(/^exec (.*) \|\| \1$/, '$1');
      const [, script = '', rest = ''] = /^node scripts\/(\w+)\.mjs ?(.*)$/.exec(plain) ?? [];
      if (script === 'run') expect([name, rest]).toEqual([name, name]);
      else expect([name, OWN]).toEqual([name, expect.arrayContaining([script])]);
    }
    const routed = Object.entries(scripts).filter(([, line]) => line.startsWith('node scripts/run.mjs'));
    expect(routed.map(([name]) => name).toSorted()).toEqual(Object.keys(commands).toSorted());
  });

  it.each([
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(path.join(ROOT, 'docs'))
      .filter((one) => one.endsWith('.md'))
      .map((one) => `docs/${one}`),
  ])('that %s promises exist', (file) => {
    expect(commandsOf(read(file)).filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('are found in the README: the table names more than one in a cell', () => {
    expect(commandsOf(read('README.md'))).toEqual(
      expect.arrayContaining([
        'start',
        'test',
        'test:faults',
        'bench:payments',
        'bench:gas',
        'lint',
        'types',
      ]),
    );
  });

  it('run files that exist', () => {
    for (const { build, steps } of Object.values(commands)) {
      if (build !== 'new') expect(steps.length).toBeGreaterThan(0);
      for (const [tool, ...args] of steps) {
        if (tool !== 'node') continue;
        const file = args.find((one) => /\.(mjs|ts)$/.test(one) && !one.startsWith('./')) ?? 'none';
        expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
      }
    }
  });

  it('begin without any package, because an older Node without packages runs their first lines', () => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, specifier = ''] of read(file).matchAll(/^(?:import|export) [^;]*?from '([^']+)'/gm)) {
        if (specifier.startsWith('node:')) continue;
        expect([file, specifier]).toEqual([file, expect.stringMatching(/^\.\.?\//)]);
        visit(path.join(path.dirname(file), specifier));
      }
    };
    for (const name of [...OWN, 'run']) visit(`scripts/${name}.mjs`);
    expect(seen).toContain('scripts/lib/bootstrap.mjs');
    // What Node 18 does not read.
    for (const file of seen)
      expect([file, read(file)]).not.toEqual([
        file,
        expect.stringMatching(/import\.meta\.dirname|\bwith \{ type/),
      ]);
  });

  it('name themselves when they are asked for one that they are not', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'bench'], {
      encoding: 'utf8',
      cwd: ROOT,
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('bench:gas')]);
  });

  it.each(['check', 'mutants', 'prove'])('say how to call them and begin nothing: %s', (name) => {
    const run = (option: string) =>
      spawnSync(process.execPath, [`scripts/${name}.mjs`, option], { encoding: 'utf8', cwd: ROOT });
    const help = run('--help');
    expect([help.status, help.stderr, help.stdout]).toEqual([0, '', expect.stringMatching(/^npm run /)]);
    const unknown = run('--nonsense');
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toMatch(/^Unknown option '--nonsense'.*\n\nnpm run /);
    expect(unknown.stderr).not.toMatch(/^ +at /m);
  });

  it('end when a signal asks them to, and begin no further step: after the contracts’ tests those of TypeScript began', async () => {
    const url = pathToFileURL(path.join(ROOT, 'scripts/lib/tests.mjs')).href;
    const code = `const { runTests } = await import(${JSON.stringify(url)});
      const run = runTests(['libs/domain']);
      console.log('begun');
      await run;
      console.log('went on');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const closed = once(child, 'close');
    await until('the runner is started', () => output.includes('begun'));
    child.kill('SIGTERM');
    expect([await closed, output]).toEqual([[143, null], expect.not.stringContaining('went on')]);
  });
});
