/** Where owners cancel what takes from a holding: payments, gifts, refunds. */
export const CANCELLATIONS = 'v1/cancellations';
/** Where merchants cancel what takes from a merchant balance: voids, circulations, redemptions. */
export const MERCHANT_CANCELLATIONS = 'v1/merchant-cancellations';
