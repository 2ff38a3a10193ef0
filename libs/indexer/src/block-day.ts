/**
 * SQL: the Korean day of block `b`, counted from 1970-01-01 as the contract counts it (UTC+9, no summer time). A row
 * of the tables belongs to the day of its block.
 */
export const KOREAN_DAY = '((b.timestamp + 32400) / 86400)';
