/** Double entry by funder, derived from the chain: journal, trial balance, rebuild and reconciliation. */
export * from './journal/chart.js';
export { booksProjectors } from './journal/journal.projector.js';
