import type { FastifyReply } from 'fastify';
import type { OrderKind } from './kind.js';
import type { OrderRecord } from './order.js';
import type { OrderEvents, ViewOf } from './order-events.js';

/** 202 while it is accepted, 200 once it is decided; Location says where its state is. */
export function sendOrder(reply: FastifyReply, { id, state }: OrderRecord, path: string): void {
  void reply.status(state === 'accepted' ? 202 : 200).header('location', `${path}/${id}`);
}

/** Answers with the order's stream of states. */
export function streamOrder(
  reply: FastifyReply,
  kind: OrderKind,
  record: OrderRecord,
  view: ViewOf,
  events: OrderEvents,
): void {
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
  events.open(kind, record, view, reply.raw, headers);
  // From here on OrderEvents writes to the stream; the framework sends nothing more.
  reply.hijack();
}
