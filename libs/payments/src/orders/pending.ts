import { KEY_KINDS, TRANSFER_BYTES, unpackTransfer, vouchersInterface, type Hex } from '#contracts';
import { toHex } from '#persistence';
import type { OrderKind } from './order.js';

/** What an accepted and undecided order will take from its holder. */
export interface Reservation {
  readonly kind: OrderKind;
  /** In the order in which they are spent. */
  readonly series: readonly number[];
  /** won */
  readonly amount: bigint;
  readonly nonce: number;
  /** The payment that a void takes back. */
  readonly payment: Hex | null;
  /** Counts against the daily limit of the account's device keys. */
  readonly byDevice: boolean;
}

/** Payments and redemptions are packed items; the other kinds wait as calls of one item. */
const KIND_BYTE = { payment: 1, redemption: 2, call: 3 } as const;

const METHODS: readonly (readonly [string, OrderKind])[] = [
  ['voidPayments', 'void'],
  ['give', 'gift'],
  ['circulate', 'circulation'],
  ['refund', 'refund'],
];
const KIND_OF_SELECTOR = new Map(
  METHODS.map(([method, kind]) => [vouchersInterface.getFunction(method)?.selector, kind]),
);
/** These count against the devices' limit. */
const BY_DEVICES: readonly OrderKind[] = ['payment', 'void', 'circulation'];

const HEAD = 5;
const ADDRESS = 20;
const SELECTOR = 4;
const WORD = 32;
const RING_HEAD = 4;
const RING_ENTRY = 33;
const DEVICE_RIGHT = 1;

const framed = `string_agg(set_byte('\\x00'::bytea, 0, CASE o.kind WHEN 'payment' THEN ${KIND_BYTE.payment}
              WHEN 'redemption' THEN ${KIND_BYTE.redemption} ELSE ${KIND_BYTE.call} END)
              || int4send(octet_length(o.payload)) || o.payload, ''::bytea ORDER BY o.seq)`;

/**
 * SQL of what a holder's accepted and undecided orders are, oldest first, end to end in one value: an array of them
 * would be parsed character by character.
 *
 * @param holder SQL of the holder's address
 */
export function pendingOf(holder: string): string {
  return `(SELECT coalesce(${framed}, ''::bytea) FROM app.outbox o
            WHERE o.holder = ${holder} AND o.decided_block IS NULL)`;
}

/** The same of what the chain decided after a block; nothing when the block is NULL. */
export function decidedAfter(holder: string, block: string): string {
  return `(SELECT coalesce(${framed}, ''::bytea) FROM app.outbox o
            WHERE o.holder = ${holder} AND o.decided_block > ${block})`;
}

/** Reads what pendingOf gives. Payloads that can't be carried, and calls of other kinds, reserve nothing. */
export function readPending(bytes: Uint8Array): Reservation[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Reservation[] = [];
  for (let at = 0; at + HEAD <= all.length;) {
    const end = at + HEAD + all.readUInt32BE(at + 1);
    const reservation = readPayload(all.readUInt8(at), all.subarray(at + HEAD, end));
    if (reservation !== null) found.push(reservation);
    at = end;
  }
  return found;
}

function readPayload(kindByte: number, payload: Buffer): Reservation | null {
  if (kindByte === KIND_BYTE.call) return readCall(payload);
  if (payload.length <= TRANSFER_BYTES) return null;
  const kind = kindByte === KIND_BYTE.payment ? 'payment' : 'redemption';
  return reservationOf(kind, payload, payload.subarray(TRANSFER_BYTES), null);
}

/** target ‖ calldata of a method whose first argument are the items and whose last the proofs; both have one. */
function readCall(payload: Buffer): Reservation | null {
  const args = payload.subarray(ADDRESS + SELECTOR);
  const kind = KIND_OF_SELECTOR.get(toHex(payload.subarray(ADDRESS, ADDRESS + SELECTOR)));
  if (kind === undefined) return null;
  const behind = (argument: number) => numberAt(args, argument * WORD) + WORD;
  const item = args.subarray(behind(0), behind(0) + TRANSFER_BYTES);
  const proofs = behind(kind === 'void' ? 2 : 1);
  const proof = args.subarray(proofs + 2, proofs + 2 + args.readUInt16BE(proofs));
  // An array of one struct of changing length: the struct stands behind its offset, its first field is the id.
  const receipt = kind === 'void' ? behind(1) + numberAt(args, behind(1)) : null;
  const payment = receipt === null ? null : toHex(args.subarray(receipt, receipt + WORD));
  return reservationOf(kind, item, proof, payment);
}

function numberAt(args: Buffer, at: number): number {
  return args.readUInt32BE(at + WORD - 4);
}

function reservationOf(kind: OrderKind, item: Buffer, proof: Buffer, payment: Hex | null): Reservation {
  const { series, amount, nonce } = unpackTransfer(item);
  return { kind, series, amount, nonce, payment, byDevice: BY_DEVICES.includes(kind) && isByDevice(proof) };
}

/** Whether a proof that was verified is a device's: what its place in the ring says. */
function isByDevice(proof: Buffer): boolean {
  const signature = signatureBytes(proof);
  if (proof.length <= signature) return false;
  const ring = proof.subarray(signature + 1);
  return ring[RING_HEAD + RING_ENTRY * proof.readUInt8(signature)] === DEVICE_RIGHT;
}

function signatureBytes(proof: Buffer): number {
  if (proof[0] === KEY_KINDS.wallet) return 65;
  if (proof[0] === KEY_KINDS.device || proof.length < 135) return 129;
  return 135 + proof.readUInt16BE(129) + proof.readUInt16BE(131);
}
