/** Accounts: what residents hold, and what happened to it. */
export { ResidentsModule } from './residents.module.js';
export { AccountKeysService } from './account-keys.service.js';
export { AccountsRepository } from './accounts.repository.js';
