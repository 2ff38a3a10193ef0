/**
 * Lets somebody outside ask the process that imports it to collect its garbage, so that what is left is what is held:
 * `node --expose-gc --import=.../collect-on-signal.mjs`, then SIGWINCH.
 */
const { gc } = globalThis;
if (gc === undefined) throw new Error('start node with --expose-gc');
// No other code listens to this one: Nest ends an application on SIGUSR2.
process.on('SIGWINCH', () => gc());
