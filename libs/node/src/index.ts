/** Access to a node: what it has in its blocks, who signs, which contracts it serves. */
export { ChainError, type ChainErrorAction } from './chain-error.js';
export {
  ChainNode,
  type BlockHeader,
  type ChainNodeOptions,
  type LogFilter,
  type NodeLog,
} from './chain-node.js';
export { DeploymentModule } from './deployment.module.js';
export { CurrentDeployment, loadDeployment, storeDeployment } from './deployment.repository.js';
export { field, JsonRpc, type RpcAnswer, type RpcCall, type RpcFailure } from './json-rpc.js';
export { NodeModule } from './node.module.js';
export { Keystore, type KeystoreOptions } from './keystore.js';
export { LocalSigner, type LegacyTransaction, type SignedTransaction, type Signer } from './signer.js';
export {
  startEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type EmbeddedChainTesting,
} from './embedded/embedded-chain.js';
export { snapshotHealth } from './embedded/snapshot-health.js';
export { readChainStatus, type ChainStatus } from './embedded/chain-status.js';
export { clearOrphan as clearOrphanedNode } from './embedded/anvil-process.js';
