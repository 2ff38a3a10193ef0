/**
 * Finds a Chromium for the tests of pages, or unpacks Debian's into .tools/, without changing the system. Nothing but
 * those tests and the screenshots needs one.
 *
 * Written for Node 18 and without packages, like everything that runs before they are there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { progress, root } from './bootstrap.mjs';
import { withLock } from './lock.mjs';

const folder = path.join(root, '.tools', 'chromium');
/** Starts the unpacked browser with its own libraries. */
const launcher = path.join(folder, 'chromium.sh');

/** Where systems put a browser that speaks CDP; CHROMIUM_PATH says another place. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  launcher,
];

const DOWNLOAD_MS_MAX = 300_000;

/** @returns {string | undefined} the browser of this machine; undefined when there is none */
export function findChromium() {
  const configured = process.env.CHROMIUM_PATH;
  if (configured !== undefined && configured !== '') return configured;
  return PLACES.find((place) => existsSync(place));
}

/** Unpacks one where none is found and the system is a Debian; says loudly when tests of pages will be left out. */
export async function ensureChromium() {
  if (findChromium() !== undefined) return;
  await withLock(path.join(root, '.tools', 'chromium.lock'), { onWait: () => undefined }, async () => {
    if (findChromium() !== undefined) return;
    progress('no Chromium on this machine: unpacking Debian’s into .tools/ (150 MB to download)');
    const problem = unpack();
    if (problem !== undefined)
      progress(
        `TESTS OF PAGES ARE LEFT OUT: ${problem}. Install Chromium, or set CHROMIUM_PATH, and run the command again.`,
      );
  });
}

/** @returns {string | undefined} why there is none */
function unpack() {
  if (process.platform !== 'linux') return 'no Chromium can be fetched for this system';
  const next = `${folder}.${process.pid}`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(path.join(next, 'debs'), { recursive: true });
  try {
    return unpackInto(next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

function unpackInto(next) {
  const debs = path.join(next, 'debs');
  // Lists of another day name files that are gone. Only root may fetch new ones.
  const hasDebs = download(debs) || (run('apt-get', ['update'], next).status === 0 && download(debs));
  if (!hasDebs) return 'apt-get cannot download the package chromium';
  for (const deb of readdirSync(debs))
    if (run('dpkg-deb', ['-x', path.join(debs, deb), next], next).status !== 0)
      return `${deb} cannot be unpacked`;
  rmSync(debs, { recursive: true, force: true });
  if (!existsSync(path.join(next, 'usr', 'lib', 'chromium', 'chromium')))
    return 'the package chromium of this system has no browser in it';
  writeFileSync(path.join(next, path.basename(launcher)), LAUNCHER, { mode: 0o755 });
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
  const { status, stderr } = run(launcher, ['--version'], root);
  if (status === 0) return undefined;
  rmSync(folder, { recursive: true, force: true });
  return `the unpacked browser does not start: ${stderr.trim().split('\n').at(-1)}`;
}

/** The package and what it needs that this machine has not; apt checks what it downloads against signed lists. */
function download(into) {
  const args = ['install', '--print-uris', '--yes', '--no-install-recommends', 'chromium'];
  const { status, stdout } = run('apt-get', args, root);
  const packages = [...stdout.matchAll(/^'[^']+' ([^_\s]+)_/gm)].map(([, name]) => name);
  if (status !== 0 || packages.length === 0) return false;
  return run('apt-get', ['download', '-qq', ...packages], into).status === 0;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: DOWNLOAD_MS_MAX,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { status: error === undefined ? status : 1, stdout: stdout ?? '', stderr: stderr ?? '' };
}

const LAUNCHER = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries="$here/usr/lib/$(uname -m)-linux-gnu"
LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
exec "$here/usr/lib/chromium/chromium" "$@"
`;
