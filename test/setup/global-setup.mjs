/** Before all specs: a folder for what they share, and the end of what a killed earlier run left behind. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { endRun, isAlive, PREFIX } from './shared-home.mjs';

export default async function globalSetup() {
  for (const name of readdirSync(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const home = path.join(os.tmpdir(), name);
    let owner = 0;
    try {
      owner = Number(readFileSync(path.join(home, 'owner'), 'utf8'));
    } catch {
      continue; // Just being made, or not ours to read.
    }
    if (!isAlive(owner)) await endRun(home);
  }
  const home = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  // The database server runs under another account when we are root, and has to pass through.
  const { chmodSync } = await import('node:fs');
  chmodSync(home, 0o711);
  writeFileSync(path.join(home, 'owner'), String(process.pid));
  process.env.JANGTEO_TEST_HOME = home;
}
