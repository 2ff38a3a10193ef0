export { CurrentDeployment, DeploymentModule, loadDeployment, storeDeployment } from './deployment.js';
export {
  startEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type EmbeddedChainTesting,
} from './embedded/embedded-chain.js';
export { Keystore, type KeystoreOptions } from './keystore.js';
export * from './relayer/index.js';
export { LocalSigner, type LegacyTransaction, type SignedTransaction, type Signer } from './signer.js';
