/** The register of merchants. */
export { MerchantsModule } from './merchants.module.js';
