/** A chain in a process of its own, so that a test can kill the supervisor. Prints its address as one line. */
import { startEmbeddedChain } from '../embedded/embedded-chain.js';

const home = process.argv[2];
if (home === undefined) throw new Error('usage: chain-child <home>');
const chain = await startEmbeddedChain({
  home,
  log: () => undefined,
  blockIntervalMs: 20,
  snapshotBlocks: 10,
});
process.stdout.write(`${JSON.stringify({ url: chain.url, node: chain.pid })}\n`);
process.on('SIGTERM', () => void chain.stop().then(() => process.exit(0)));
