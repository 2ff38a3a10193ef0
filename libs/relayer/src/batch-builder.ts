import {
  BATCH_MAX,
  countThatFit,
  encodePay,
  encodeRedeem,
  KEY_KINDS,
  PROOF_BYTES_MAX,
  TRANSFER_BYTES,
  type Hex,
} from '#contracts';
import { toHex } from '#persistence';
import type { OutboxKind } from './outbox.js';

/** Most gas of one transaction since the Osaka fork (EIP-7825). */
export const GAS_MAX = 2 ** 24;

/** What a batch may be expected to use: a block of 150 M holds many, and none comes near GAS_MAX. */
export const BATCH_GAS = 10_000_000;

/**
 * Gas of items: `expected` as measured, `most` when every slot that an item writes is new. batch-gas.spec.ts holds both
 * against a node. What is not used costs nothing.
 */
interface Gas {
  readonly expected: number;
  readonly most: number;
}

const BASE: Gas = { expected: 60_000, most: 120_000 };
/** By the kind of the key that signed: the P-256 precompile is dearer than ecrecover, a passkey has two hashes more. */
const ITEM: Readonly<Record<number, Gas>> = {
  [KEY_KINDS.wallet]: { expected: 27_000, most: 35_000 },
  [KEY_KINDS.device]: { expected: 37_000, most: 42_000 },
  [KEY_KINDS.passkey]: { expected: 44_000, most: 49_000 },
};
const DEAREST = { expected: 44_000, most: 49_000 };
/** Calldata that is not zero (EIP-2028), for each byte of a proof. */
const PROOF_BYTE = 16;
const WALLET_PROOF_BYTES = 65;
/** With a key ring: the account's slot, where a device key's spending is counted; new once in its life. */
const RING: Gas = { expected: 0, most: 23_000 };
/** Another series in the list: a holding to read, mostly to write, events and a receipt. */
const FURTHER_SERIES: Gas = { expected: 19_000, most: 24_000 };
/** The merchant's slot in a series: 7,000 when it was paid before, 24,000 when it is new. */
const MERCHANT_BALANCE: Gas = { expected: 7_000, most: 25_000 };

/** Places in a packed item: see Transfer.sol. */
const RECIPIENT = { from: 44, to: 64 };
const SERIES = { from: 64, to: 96 };
const SERIES_BYTES = 4;

/** A transaction to itself that only uses up a nonce. */
export const FILLER_GAS = 21_000;

const ADDRESS_BYTES = 20;
const SELECTOR_BYTES = 4;

export interface BuiltCall {
  readonly to: Hex;
  readonly data: Hex;
  readonly gasLimit: number;
}

/** Whether a payload has the shape that its kind asks for; the relayer rejects every other one. */
export function isRelayable(kind: OutboxKind, payload: Uint8Array): boolean {
  if (!isBatched(kind)) return payload.length >= ADDRESS_BYTES + SELECTOR_BYTES;
  return payload.length > TRANSFER_BYTES && payload.length <= TRANSFER_BYTES + PROOF_BYTES_MAX;
}

/** Whether many rows of this kind share a transaction. */
export function isBatched(kind: OutboxKind): kind is 'payment' | 'redemption' {
  return kind === 'payment' || kind === 'redemption';
}

/**
 * The call that submits these rows.
 *
 * @param payloads of payments and redemptions 1 to 400; of the other kinds exactly one
 * @throws RangeError for any other number
 */
export function buildCall(kind: OutboxKind, payloads: readonly Uint8Array[], vouchers: Hex): BuiltCall {
  const [first] = payloads;
  if (first === undefined) throw new RangeError('a call needs a payload');
  if (isBatched(kind)) {
    const data = kind === 'payment' ? encodePay(payloads) : encodeRedeem(payloads);
    return { to: vouchers, data, gasLimit: gasLimitOf(payloads) };
  }
  if (payloads.length !== 1) throw new RangeError(`one ${kind} per transaction`);
  return {
    to: toHex(first.subarray(0, ADDRESS_BYTES)),
    data: toHex(first.subarray(ADDRESS_BYTES)),
    gasLimit: GAS_MAX,
  };
}

/**
 * How many of these items, from the first on, fit into one transaction: by number, by bytes of call data and by gas.
 * At least one.
 */
export function countThatFits(payloads: readonly Uint8Array[]): number {
  const count = Math.max(1, countThatFit(payloads));
  const meter = new Meter();
  for (const [index, payload] of payloads.slice(0, count).entries()) {
    meter.add(payload);
    if (index > 0 && (meter.expected > BATCH_GAS || meter.most > GAS_MAX)) return index;
  }
  return Math.min(count, payloads.length);
}

/** What a batch of these items may be expected to use. */
export function expectedGas(payloads: readonly Uint8Array[]): number {
  const meter = new Meter();
  for (const payload of payloads) meter.add(payload);
  return meter.expected;
}

function gasLimitOf(payloads: readonly Uint8Array[]): number {
  const meter = new Meter();
  for (const payload of payloads) meter.add(payload);
  return Math.min(GAS_MAX, meter.most);
}

/** Adds up what items use. */
class Meter {
  expected = BASE.expected;
  most = BASE.most;
  private readonly balances = new Set<string>();

  add(payload: Uint8Array): void {
    const proof = payload.length - TRANSFER_BYTES;
    this.use(ITEM[payload[TRANSFER_BYTES] ?? 0] ?? DEAREST);
    this.use({ expected: PROOF_BYTE * proof, most: PROOF_BYTE * proof });
    if (proof > WALLET_PROOF_BYTES) this.use(RING);
    const recipient = Buffer.from(payload.subarray(RECIPIENT.from, RECIPIENT.to)).toString('base64');
    for (let end = SERIES.to; end > SERIES.from; end -= SERIES_BYTES) {
      const series = Buffer.from(payload.subarray(end - SERIES_BYTES, end)).readUInt32BE(0);
      if (series === 0) break;
      if (end < SERIES.to) this.use(FURTHER_SERIES);
      const slot = `${series} ${recipient}`;
      if (this.balances.has(slot)) continue;
      this.balances.add(slot);
      this.use(MERCHANT_BALANCE);
    }
  }

  private use({ expected, most }: Gas): void {
    this.expected += expected;
    this.most += most;
  }
}

/** Rows of one kind that one transaction takes at most; their bytes and gas may allow fewer, see countThatFits. */
export function batchMax(kind: OutboxKind, wanted: number): number {
  return isBatched(kind) ? Math.max(1, Math.min(wanted, BATCH_MAX)) : 1;
}
