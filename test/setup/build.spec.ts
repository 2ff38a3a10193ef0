import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The files that a compiler run with this configuration takes, relative to the checkout. */
function filesOf(tsconfig: string): string[] {
  const { config, error } = ts.readConfigFile(path.join(ROOT, tsconfig), ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts
    .parseJsonConfigFileContent(config, ts.sys, ROOT)
    .fileNames.map((file) => path.relative(ROOT, file));
}

interface NestCli {
  readonly compilerOptions: { readonly tsConfigPath: string };
  readonly projects: Readonly<Record<string, { readonly sourceRoot: string; readonly entryFile: string }>>;
}

describe('the build', () => {
  const files = filesOf('tsconfig.build.json');

  it('compiles no spec and nothing that only specs use', () => {
    expect(files.filter((file) => /\.spec\.ts$|\/(testing|test)\//.test(file))).toEqual([]);
    expect(files.filter((file) => /^(test|bench)\//.test(file))).toEqual([]);
  });

  it('compiles the entry of every project of nest-cli.json, and scripts that no import names', () => {
    const cli = JSON.parse(readFileSync(path.join(ROOT, 'nest-cli.json'), 'utf8')) as NestCli;
    expect(cli.compilerOptions.tsConfigPath).toBe('tsconfig.build.json');
    expect(Object.keys(cli.projects)).toEqual(['api', 'worker', 'cli']);
    for (const { sourceRoot, entryFile } of Object.values(cli.projects)) {
      expect(files).toContain(`${sourceRoot}/${entryFile}.ts`);
    }
    // Forked by its address: a build that followed imports alone would leave it out.
    expect(files).toContain('libs/issuance/src/lists/list-helper.ts');
  });
});
