export { CurrentDeployment, DeploymentModule, loadDeployment, storeDeployment } from './deployment.js';
export { currentTime, TIME, timeOf } from './chain-time.js';
export {
  startEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type EmbeddedChainTesting,
} from './embedded/embedded-chain.js';
export { Keystore, type KeystoreOptions } from './keystore.js';
export * from './relayer/index.js';
export { LocalSigner, type LegacyTransaction, type SignedTransaction, type Signer } from './signer.js';
export { ChainError, type ChainErrorAction } from './chain-error.js';
export {
  ChainNode,
  type BlockHeader,
  type ChainNodeOptions,
  type LogFilter,
  type NodeLog,
} from './provider.js';
export {
  IndexedBatch,
  type EventPosition,
  type IndexedBlock,
  type IndexedEvent,
  type Projector,
} from './indexer/batch.js';
export { Indexer, type IndexerHooks, type IndexerOptions, type IndexerStep } from './indexer/indexer.js';
export { readCursor, readCursorBlock, type Cursor } from './indexer/cursor.repository.js';
export { chainProjectors } from './projection/index.js';
export { issueChunkId } from './projection/relay.projector.js';
