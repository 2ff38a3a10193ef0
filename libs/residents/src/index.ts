/** Accounts: what residents hold, and what happened to it. */
export { ResidentsHttpModule, ResidentsModule } from './residents.module.js';
export { AccountKeysService } from './account-keys.service.js';
export { AccountsRepository } from './accounts.repository.js';
export { accountKeysProjector } from './projection/account-keys.projector.js';
export { accountRegisterProjector } from './projection/account-register.projector.js';
export { purchaseMonthProjector } from './projection/purchase-month.projector.js';
