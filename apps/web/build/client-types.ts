/**
 * Writes the types of the API's answers from docs/openapi.json.
 *
 *   node --conditions=source --import ./test/setup/typescript.mjs apps/web/build/client-types.ts [folder]
 */
import path from 'node:path';
import process from 'node:process';
import { createClient } from '@hey-api/openapi-ts';

const web = path.resolve(import.meta.dirname, '..');

await createClient({
  input: path.resolve(web, '..', '..', 'docs', 'openapi.json'),
  output: { path: process.argv[2] ?? path.join(web, 'src', 'client', 'generated'), postProcess: [] },
  plugins: ['@hey-api/typescript'],
  logs: { level: 'silent', file: false },
});
