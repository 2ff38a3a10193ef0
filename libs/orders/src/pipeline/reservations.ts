import type { OrderKindName } from '#contracts';
import type { Reservation } from './order.js';

/** One reservation as text: its fields by spaces, reservations by semicolons; see readReservations. */
const asText = `string_agg(concat_ws(' ', s.kind, array_to_string(s.series, ','), s.amount, s.nonce, s.by_device::int,
                                      '0x' || encode(s.payment, 'hex')), ';' ORDER BY o.seq)`;

/**
 * SQL of what a holder's accepted and undecided orders reserve, oldest first, as one text: NULL when there is none. The
 * driver would parse an array of rows character by character. The outbox finds them: its index by holder has only
 * what is undecided.
 *
 * @param holder SQL of the holder's address
 */
export function reservedBy(holder: string): string {
  return `(SELECT ${asText} FROM app.outbox o JOIN app.signed_order s ON s.id = o.id
            WHERE o.holder = ${holder} AND o.decided_block IS NULL)`;
}

/** Reads what reservedBy selects. */
export function readReservations(text: string | null): Reservation[] {
  return text === null ? [] : text.split(';').map(readReservation);
}

function readReservation(text: string): Reservation {
  const [kind, series, amount, nonce, byDevice, payment = null] = text.split(' ');
  if (series === undefined || amount === undefined || nonce === undefined) {
    throw new Error(`not a reservation: ${text}`);
  }
  return {
    // app.signed_order has no other kinds.
    kind: kind as OrderKindName,
    series: series.split(',').map(Number),
    amount: BigInt(amount),
    nonce: Number(nonce),
    payment,
    byDevice: byDevice === '1',
  };
}
