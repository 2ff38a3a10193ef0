import type { FastifyReply } from 'fastify';

/** Adds a header of the request to those that the answer depends on, for caches (RFC 9110, 12.5.5). */
export function varyBy(reply: FastifyReply, header: string): void {
  const before = reply.getHeader('vary');
  const known = typeof before === 'string' ? before.split(', ') : [];
  if (!known.includes(header)) void reply.header('vary', [...known, header].join(', '));
}
