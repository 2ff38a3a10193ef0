export { CurrentDeployment, DeploymentModule, loadDeployment, storeDeployment } from './deployment.js';
export {
  startEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type EmbeddedChainTesting,
} from './embedded/embedded-chain.js';
