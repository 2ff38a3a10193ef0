/** Stamps: small files that remember from which inputs something was made. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** SHA-256 over the parts, each with its length so that parts cannot run into each other. */
export function digestOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    hash.update(`${bytes.length}:`);
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** @returns {string | undefined} what the stamp holds; undefined when it is missing or unreadable */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).digest;
  } catch {
    return undefined;
  }
}

/** Writes a stamp whole or not at all. */
export function writeStamp(file, digest) {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ digest })}\n`);
  renameSync(temporary, file);
}

/**
 * Digest of the content of files and folders. Content rather than times: a fresh clone and a branch switch
 * change times without changing what is built. 5 MB of source hash in about 20 ms.
 */
export function digestOfTree(root, inputs) {
  const hash = createHash('sha256');
  const visit = (relative) => {
    const absolute = path.join(root, relative);
    if (!existsSync(absolute)) return;
    const stat = statSync(absolute);
    if (stat.isDirectory()) {
      for (const name of readdirSync(absolute).sort()) {
        if (name !== 'node_modules' && name !== 'dist' && !name.startsWith('.')) visit(`${relative}/${name}`);
      }
      return;
    }
    const content = readFileSync(absolute);
    hash.update(`${relative}\0${content.length}\0`);
    hash.update(content);
  };
  for (const input of inputs) visit(input);
  return hash.digest('hex');
}
