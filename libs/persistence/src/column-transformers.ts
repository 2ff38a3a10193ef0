import type { ValueTransformer } from 'typeorm';
import { toBytes, toHex } from './bytes.js';

/** bytea of the table, lower-case "0x…" of the entity. */
export const hexColumn: ValueTransformer = {
  to: (value: string | null | undefined) => (typeof value === 'string' ? toBytes(value) : value),
  from: (value: Buffer | null | undefined) => (Buffer.isBuffer(value) ? toHex(value) : value),
};

/** bigint of the table, number of the entity: for what stays below 2^53 (officers, Unix seconds), never for won. */
export const numberColumn: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: bigint | null | undefined) => (typeof value === 'bigint' ? Number(value) : value),
};
