/** What TypeScript knows of the contracts: ABI, typed data, calldata, refusals, events, deployment. */
export * from './act-types.js';
export * from './acts.js';
export type { Hex } from './bytes.js';
export * from './deploy.js';
export * from './events.js';
export { authoritiesAbi, authoritiesBytecode } from './generated/authorities.js';
export { vouchersAbi, vouchersBytecode } from './generated/vouchers.js';
export * from './interfaces.js';
export * from './issue-list.js';
export * from './refusals.js';
export * from './signature.js';
export * from './transfers.js';
export * from './typed-data.js';
