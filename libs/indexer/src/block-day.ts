import { koreanDayNumber } from '#persistence';

/**
 * SQL: the Korean day of block `b`, counted from 1970-01-01 as the contract counts it. A row of the tables belongs to
 * the day of its block.
 */
export const KOREAN_DAY = koreanDayNumber('b.timestamp');
