/** Who may know whom: runs dependency-cruiser over the project, or over a fixture in its specs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, run } from './bootstrap.mjs';

const FOLDERS = ['apps', 'libs', 'migrations'];

/** The folders of the list that exist in the checkout. */
export function existing(folders) {
  return folders.filter((folder) => existsSync(path.join(root, folder)));
}

/** @returns {Promise<number>} exit code: 0 when every import is allowed */
export function dependencyRule() {
  const cli = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
  return run(process.execPath, [cli, '--config', '.dependency-cruiser.cjs', ...existing(FOLDERS)]);
}
