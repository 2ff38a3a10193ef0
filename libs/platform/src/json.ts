import { randomUUID } from 'node:crypto';

/**
 * JSON for responses: bigint becomes a string of digits, because JSON numbers lose won above 2^53 in most
 * clients. Amounts are therefore strings everywhere in the API, small or large.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'bigint' ? entry.toString() : entry,
  );
}

/** A part of an answer that is JSON text already: what is large is spelled once, and not on the event loop. */
export class RawJson {
  /** @param text one JSON value */
  constructor(readonly text: string) {}
}

/** As stringifyJson, with RawJson in its place wherever it stands. */
export function serializeReply(payload: unknown): string {
  const parts: RawJson[] = [];
  const text = JSON.stringify(payload, (_key, entry: unknown) => {
    if (typeof entry === 'bigint') return entry.toString();
    if (!(entry instanceof RawJson)) return entry;
    parts.push(entry);
    return PLACE;
  });
  if (parts.length === 0) return text;
  const between = text.split(`"${PLACE}"`);
  return between.flatMap((piece, index) => [parts[index - 1]?.text ?? '', piece]).join('');
}

/** Nobody outside can know it, so nobody can write it into an answer. */
const PLACE = randomUUID();
