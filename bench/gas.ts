/** The committed gas snapshot of the contracts as one line of JSON; a test holds it equal to what they use now. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

const file = path.join(projectRoot(), 'contracts', 'gas-snapshot.json');
const gas: unknown = JSON.parse(readFileSync(file, 'utf8'));
process.stdout.write(`${JSON.stringify({ bench: 'gas', gas })}\n`);
