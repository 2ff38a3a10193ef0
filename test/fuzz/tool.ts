import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

const HERE = path.join(projectRoot(), 'test', 'fuzz');
const FOLDER = path.join(projectRoot(), '.tools', 'api-fuzz');
const REQUIREMENTS = path.join(HERE, 'requirements.txt');
const INSTALLED = path.join(FOLDER, 'installed');

/** What Schemathesis needs is not there; the message says what. */
export class ToolMissing extends Error {}

/**
 * Installs Schemathesis into a folder of the checkout, once for each requirements.txt.
 *
 * @throws ToolMissing without Python 3.10 or later, without its venv module, or when the packages cannot be had
 */
export function installTool(say: (line: string) => void): void {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const isInstalled = existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted;
  // The Python that it was installed with may be gone since.
  if (isInstalled && spawnSync(bin('st'), ['--version']).status === 0) return;
  const version = 'import sys; sys.exit(sys.version_info < (3, 10))';
  if (spawnSync('python3', ['-c', version]).status !== 0)
    throw new ToolMissing('npm run test:api-fuzz needs Python 3.10 or later as `python3`.');
  say('installing Schemathesis');
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (spawnSync('python3', ['-m', 'venv', FOLDER]).status !== 0)
    throw new ToolMissing('npm run test:api-fuzz needs the venv module of Python (Debian: python3-venv).');
  const pip = spawnSync(bin('python'), ['-m', 'pip', 'install', '-q', '-r', REQUIREMENTS], {
    encoding: 'utf8',
  });
  if (pip.status !== 0)
    throw new ToolMissing(
      `npm run test:api-fuzz could not install Schemathesis with pip: ${pip.stderr.trim()}`,
    );
  writeFileSync(INSTALLED, wanted);
}

function bin(name: string): string {
  return path.join(FOLDER, 'bin', name);
}

/** Ten thousand cases take six minutes on a quiet machine with two cores. */
const RUN_MS_MAX = 40 * 60_000;

/**
 * One run of Schemathesis; what it says goes to stderr.
 *
 * @returns its exit code, null when it was killed because it took too long
 */
export function runTool(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number | null> {
  const child = spawn(
    bin('st'),
    ['--no-color', '--config-file', path.join(HERE, 'schemathesis.toml'), 'run', ...args],
    {
      // Schemathesis keeps what it found beside it.
      cwd: FOLDER,
      env: { ...process.env, ...env, PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_MS_MAX,
    },
  );
  child.stdout.pipe(process.stderr);
  child.stderr.pipe(process.stderr);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
