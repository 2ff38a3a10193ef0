/** Accounts: what residents hold, and what happened to it. */
export { ResidentsModule } from './residents.module.js';
