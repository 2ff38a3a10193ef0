/**
 * How far ahead of the platform's clock the deadline of a signed order may be. Until its deadline anybody may submit the
 * signed bytes to the contract, also after it was refused: an order of 30 days that was refused on days 0 and 20 settled on
 * day 29. A day is enough for a till that was without a network until the shop closed. A rule of the contract would not help:
 * it sees how far ahead a deadline is when the order is submitted, not when it was signed.
 */
export const ORDER_LIFE_MAX_SECONDS = 86_400;
