import { OperatorError } from '#platform';

/** Why PostgreSQL did not start, where starting again may help. */
export type StartTrouble = 'port_taken' | 'still_shutting_down';

/** @returns what a retry has to change; undefined when retrying is pointless or the cause is unknown */
export function troubleIn(output: string): StartTrouble | undefined {
  if (/could not bind|Address already in use|could not create any TCP\/IP sockets/i.test(output))
    return 'port_taken';
  // Backends of a killed server notice its death within moments; until then they hold its memory and its lock.
  if (/pre-existing shared memory block|lock file "postmaster\.pid" already exists/i.test(output))
    return 'still_shutting_down';
  return undefined;
}

/** Turns the server's own words into what an operator can do; undefined when they say nothing known. */
export function explainFailure(output: string, data: string): OperatorError | undefined {
  if (/No space left on device/i.test(output)) {
    return new OperatorError(
      `The disk that holds ${data} is full. Free some space and start again; nothing was lost.`,
    );
  }
  const version = /initialized by PostgreSQL version ([\d.]+).*version ([\d.]+)/is.exec(output);
  if (version !== null) {
    return new OperatorError(
      `The database in ${data} was made by PostgreSQL ${version[1]}, this is ${version[2]}. Start the release that made it and export, or run npm run reset to start over.`,
    );
  }
  if (/could not create shared memory segment|could not map anonymous shared memory/i.test(output)) {
    return new OperatorError(
      'PostgreSQL got too little memory from the system. Free about 300 MB and start again.',
    );
  }
  if (/Permission denied/i.test(output)) {
    return new OperatorError(
      `PostgreSQL may not read or write ${data}. Check the owner of that folder and of those above it.`,
    );
  }
  return undefined;
}
