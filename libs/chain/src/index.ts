export { CurrentDeployment, DeploymentModule, loadDeployment, storeDeployment } from './deployment.js';
