/** The one list of what is derived from the chain: all features' projectors, for whoever runs an indexer. */
export { ledgerProjectors } from './projectors.js';
