export * from '#indexer';
export * from '#node';
export * from '#relayer';
export {
  startEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type EmbeddedChainTesting,
} from './embedded/embedded-chain.js';
export { clearOrphan as clearOrphanedNode } from './embedded/anvil-process.js';
