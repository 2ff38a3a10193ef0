/**
 * Makes a fresh checkout runnable: a supported Node, the locked packages, a current build.
 *
 * Uses nothing outside Node's own library and keeps to syntax that Node 18 reads, because it runs before
 * anything is installed and on whatever Node the machine already has.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { digestOf, digestOfTree, readStamp, writeStamp } from './stamp.mjs';
import { BUILD_CONTRACTS, BUILD_SERVICES, nodeArguments } from './steps.mjs';

/** Root of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Hardhat 3 and NestJS 12 need at least this Node; npm of an older one also skips native parts on install. */
const NODE_MIN = [22, 18];
const NODE_FETCHED = '24.21.0';
const toolsDirectory = path.join(root, '.tools');
const fetchedBin = path.join(toolsDirectory, 'node_modules', 'node', 'bin');
const fetchedNode = path.join(fetchedBin, process.platform === 'win32' ? 'node.exe' : 'node');

const installStampFile = path.join(root, 'node_modules', '.jangteo-install.json');
const buildStampFile = path.join(root, 'dist', '.jangteo-build.json');

/** What the build reads. A change in any of them makes `dist/` stale. */
const BUILD_INPUTS = [
  'apps',
  'contracts',
  'data',
  'libs',
  'migrations',
  'scripts/generate-contracts.mjs',
  'scripts/generate-refusals.mjs',
  'test/setup/typescript.mjs',
  'hardhat.config.ts',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.build.json',
  'tsconfig.json',
];

/** What the contracts' build writes and the services' build reads. */
const GENERATED = ['libs/contracts/src/generated'];

const startedAt = Date.now();

/** Who started this script, and how often to look whether it still runs. */
const parent = process.ppid;
const PARENT_MS = 500;

/** Prints one progress line with the seconds since the command began; stdout belongs to the command's own results. */
export function progress(text) {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`[${seconds}s] ${text}\n`);
}

/** A failure that the user can act on: its message is printed without a stack. */
export class BootstrapError extends Error {}

/**
 * Updates the checkout and returns when it can run. May replace this process by one on a newer Node,
 * in which case it never returns.
 *
 * @param {{ build?: boolean | 'new' }} [options] build: compile when stale (default), never (false), in any case (`new`,
 *   and what the compilers say is shown)
 */
export async function bootstrap(options = {}) {
  await ensureNode();
  await withLock(path.join(toolsDirectory, 'bootstrap.lock'), { onWait: reportWait }, async () => {
    await ensurePackages();
    await ensureAnvil();
    if (options.build !== false) await ensureBuild(options.build === 'new');
  });
}

/** Runs a script's main function; turns failures into one clear line and an exit code. */
export function runMain(main) {
  main().then(
    (code) => process.exit(code ?? 0),
    (error) => {
      const text = error instanceof BootstrapError ? error.message : (error?.stack ?? String(error));
      process.stderr.write(`\n${text}\n`);
      process.exit(1);
    },
  );
}

/**
 * Starts a command with this process' terminal, hands SIGINT and SIGTERM on and waits for its end. Under npm the
 * command is ended as well when npm or its shell has ended without a signal for this process. (npm's shell hands no
 * signal on, so the scripts in package.json that are meant to stay replace it by `exec`; where there is no `exec`,
 * what follows `||` runs.)
 *
 * @returns {Promise<number>} its exit code; 128 + signal number when a signal ended it, as shells report it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: environment(),
      shell: process.platform === 'win32' && command === 'npm',
      ...options,
    });
    const pass = (signal) => child.kill(signal);
    // A terminal's Ctrl-C reaches the whole group already; a second copy would read as "stop now".
    const onInterrupt = () => (process.stdin.isTTY ? undefined : pass('SIGINT'));
    const onTerminate = () => pass('SIGTERM');
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    const unwatch = watchParent(() => pass('SIGTERM'));
    const settle = () => {
      unwatch();
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    };
    child.once('error', (error) => {
      settle();
      reject(
        error.code === 'ENOENT' ? new BootstrapError(`${command} was not found. ${hintFor(command)}`) : error,
      );
    });
    child.once('close', (code, signal) => {
      settle();
      resolve(signal ? 128 + (os.constants.signals[signal] ?? 0) : (code ?? 1));
    });
  });
}

/** Calls back once when the process that npm ran this script with has ended. @returns ends the watch */
function watchParent(onGone) {
  // Whoever starts a script by hand may leave it running; npm waits for it.
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return () => undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Like `run`, but quiet: the output is kept and only shown by the caller when something failed. */
export async function runQuietly(command, args, options = {}) {
  let output = '';
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(),
      shell: process.platform === 'win32' && command === 'npm',
      ...options,
    });
    const stop = () => child.kill('SIGTERM');
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const keep = (chunk) => (output += chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) =>
      reject(
        error.code === 'ENOENT' ? new BootstrapError(`${command} was not found. ${hintFor(command)}`) : error,
      ),
    );
    child.once('close', (exitCode) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(exitCode ?? 1);
    });
  });
  return { code, output };
}

/** The environment for children: the running Node comes first, so npm's own scripts use it as well. */
export function environment(extra = {}) {
  const bin = path.dirname(process.execPath);
  const local = path.join(root, 'node_modules', '.bin');
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = { ...process.env, [key]: [bin, local, process.env[key] ?? ''].join(path.delimiter), ...extra };
  // Set by an npm of the older Node that started us; they would steer nested npm runs back to it.
  delete env.npm_node_execpath;
  delete env.NODE;
  return env;
}

function hintFor(command) {
  return command === 'npm'
    ? 'Install npm 9 or newer (it comes with Node.js from https://nodejs.org) and run the command again.'
    : 'Is the checkout complete?';
}

function nodeIsNew(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
}

function reportWait(owner) {
  progress(`waiting for another run in this folder (process ${owner}) to finish its set-up`);
}

async function ensureNode() {
  const isFetched = process.env.JANGTEO_NODE_FETCHED === '1';
  // A word between the two runs of this script alone: the platform refuses settings that it does not know.
  delete process.env.JANGTEO_NODE_FETCHED;
  if (nodeIsNew(process.versions.node)) return;
  if (isFetched) {
    throw new BootstrapError(
      `The Node fetched into .tools/ reports version ${process.versions.node}, which is too old. Remove .tools/ and try again.`,
    );
  }
  await withLock(path.join(toolsDirectory, 'node.lock'), { onWait: reportWait }, async () => {
    if (existsSync(fetchedNode)) return;
    progress(
      `Node ${process.versions.node} is older than ${NODE_MIN.join('.')}: fetching Node ${NODE_FETCHED} into .tools/`,
    );
    await npm(
      ['install', '--prefix', toolsDirectory, '--no-audit', '--no-fund', `node@${NODE_FETCHED}`],
      'Fetching Node',
    );
    if (!existsSync(fetchedNode)) {
      throw new BootstrapError(
        `npm has no Node ${NODE_FETCHED} for ${process.platform}-${process.arch}. Install Node 22.18 or newer yourself and try again.`,
      );
    }
  });
  const code = await run(fetchedNode, [process.argv[1], ...process.argv.slice(2)], {
    env: {
      ...process.env,
      JANGTEO_NODE_FETCHED: '1',
      PATH: [fetchedBin, process.env.PATH ?? ''].join(path.delimiter),
    },
  });
  process.exit(code);
}

async function ensurePackages() {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const wanted = digestOf(lockfile, process.versions.node.split('.')[0], process.platform, process.arch);
  if (readStamp(installStampFile) === wanted) return;
  progress('installing the locked packages (npm ci)');
  await npm(['ci', '--no-audit', '--no-fund'], 'Installing packages');
  writeStamp(installStampFile, wanted);
  progress('packages installed');
}

/**
 * The lockfile names anvil for Linux on x64 alone, since `npm ci` refuses a lockfile with packages that a
 * registry mirror does not have. Elsewhere the same release is fetched beside; without it CHAIN_RPC_URL remains.
 */
async function ensureAnvil() {
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${cpu}`;
  const { optionalDependencies: locked = {} } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  if (locked[name] !== undefined || existsSync(path.join(toolsDirectory, 'node_modules', name))) return;
  if (process.env.CHAIN_RPC_URL) return;
  const wanted = `${name}@${locked['@foundry-rs/anvil-linux-amd64']}`;
  progress(`fetching ${wanted} into .tools/`);
  const { code } = await runQuietly('npm', [
    'install',
    '--prefix',
    toolsDirectory,
    '--no-audit',
    '--no-fund',
    wanted,
  ]);
  if (code !== 0)
    progress(`${name} cannot be had: set CHAIN_RPC_URL to a node, the embedded chain will not start`);
}

/** Whether dist/ is what the sources say. */
export function isBuildCurrent() {
  return readStamp(buildStampFile) === buildDigest();
}

async function ensureBuild(anyway) {
  if (!anyway && isBuildCurrent()) return;
  progress('building contracts, services and pages');
  if (anyway) for (const step of [...BUILD_CONTRACTS, ...BUILD_SERVICES]) await buildStep(step, true);
  else await buildAtOnce();
  // Generators write into libs/ and contracts/: the digest of what was built is the one after the build.
  writeStamp(buildStampFile, buildDigest());
  progress('build is current');
}

/**
 * Contracts and services at the same time: a quarter less on two processors. The services read what the contracts'
 * build generates; it is in the repository, and where the build writes something else, the services are built again.
 */
async function buildAtOnce() {
  const before = digestOfTree(root, GENERATED);
  const services = buildAll(BUILD_SERVICES).catch((error) => error);
  try {
    await buildAll(BUILD_CONTRACTS);
  } finally {
    await services;
  }
  if (digestOfTree(root, GENERATED) !== before) return buildAll(BUILD_SERVICES);
  const failure = await services;
  if (failure !== undefined) throw failure;
}

async function buildAll(steps) {
  for (const step of steps) await buildStep(step, false);
}

async function buildStep(step, isShown) {
  const args = nodeArguments(step);
  const { code, output } = isShown
    ? { code: await run(process.execPath, args), output: '' }
    : await runQuietly(process.execPath, args);
  if (code === 0) return;
  throw new BootstrapError(
    `${output.trimEnd()}\n\nThe build failed at ${step.join(' ')} (exit code ${code}). ${diagnose(output)}`,
  );
}

function buildDigest() {
  return digestOf(
    digestOfTree(root, BUILD_INPUTS),
    process.versions.node.split('.')[0],
    readStamp(installStampFile) ?? '',
  );
}

async function npm(args, what) {
  const { code, output } = await runQuietly('npm', args, {
    env: environment({ npm_config_update_notifier: 'false' }),
  });
  if (code === 0) return;
  throw new BootstrapError(
    `${output.trimEnd()}\n\n${what} failed (npm exit code ${code}). ${diagnose(output)}`,
  );
}

/** Names the usual causes in words a user can act on. */
export function diagnose(output) {
  if (/ENOSPC|no space left/i.test(output))
    return 'The disk is full: free about 2 GB and run the command again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network request/i.test(output)) {
    return 'The npm registry cannot be reached: check the network or the proxy (npm config get registry) and run the command again.';
  }
  if (/EACCES|EPERM/i.test(output)) return 'A file may not be written: check who owns this folder.';
  if (/EUSAGE|out of sync/i.test(output))
    return 'package.json and package-lock.json disagree: run npm install and commit the lockfile.';
  return '';
}
