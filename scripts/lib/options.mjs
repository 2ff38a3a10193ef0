/** What a command is asked to do. */
import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * Reads the options of a command. `--help` prints the lines and ends with exit code 0; an option that the command does
 * not know ends with one sentence and exit code 2.
 *
 * @param {import('node:util').ParseArgsConfig['options']} options
 * @param {string[]} help a line for each way to call the command
 */
export function readOptions(options, help) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } }));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help.join('\n')}\n`);
    process.exit(2);
  }
  if (!values.help) return values;
  process.stdout.write(`${help.join('\n')}\n`);
  process.exit(0);
}
