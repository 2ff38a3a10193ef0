/** Merchants turn their balance into won, residents the rest of what they hold. */
export { SettlementModule } from './settlement.module.js';
export { RedemptionService } from './redemption.service.js';
export { redemptionRules } from './redemption-rules.js';
