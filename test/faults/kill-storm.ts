/**
 * Kills random processes of a platform that takes payments, and compares afterwards what the clients were promised
 * with what the chain, the tables and the books have.
 *
 *   npm run test:faults -- [--rounds 20] [--seed 1] [--rate 20] [--victims api,anvil]
 *
 * Prints the result as JSON; exit code 1 when anything is lost, doubled or different.
 */
import { parseArgs } from 'node:util';
import { runStorm, VICTIMS } from './storm.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rate: { type: 'string', default: '20' },
    victims: { type: 'string', default: VICTIMS.join(',') },
  },
});
const [rounds, seed, rate] = [values.rounds, values.seed, values.rate].map(Number);
if (
  rounds === undefined ||
  seed === undefined ||
  rate === undefined ||
  !(rounds > 0 && seed >= 0 && rate > 0)
) {
  throw new RangeError('--rounds and --rate are positive numbers, --seed is not negative');
}
// An 'exit' is what the platform's clean-up listens to; a signal alone would not be one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const victims = VICTIMS.filter((victim) => values.victims.split(',').includes(victim));
if (victims.length === 0) throw new RangeError(`--victims are some of ${VICTIMS.join(',')}`);
const result = await runStorm({
  rounds,
  seed,
  rate,
  victims,
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);

const wrong = [...result.wrong];
// A storm in which nobody died or nobody paid proves nothing.
const spared = victims.filter((victim) => rounds >= victims.length && (result.kills[victim] ?? 0) === 0);
if (spared.length > 0) wrong.push(`nobody killed ${spared.join(', ')}`);
if (result.payments.settled < rounds * 5) wrong.push(`only ${result.payments.settled} payments settled`);
for (const line of wrong) process.stderr.write(`wrong: ${line}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
