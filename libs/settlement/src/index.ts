/** Merchants turn takings into won. */
export { SettlementModule } from './settlement.module.js';
export { RedemptionService, type SettlementOptions } from './redemption.service.js';
export { redemptionRules } from './redemption-rules.js';
