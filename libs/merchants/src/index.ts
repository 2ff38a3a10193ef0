/** The register of merchants. */
export { MerchantsModule } from './merchants.module.js';
export { merchantRegisterProjector } from './projection/merchant-register.projector.js';
