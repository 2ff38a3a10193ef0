/**
 * JSON for responses: bigint becomes a string of digits, because JSON numbers lose won above 2^53 in most
 * clients. Amounts are therefore strings everywhere in the API, small or large.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'bigint' ? entry.toString() : entry,
  );
}

/** A property of an answer that is large and JSON text already: it goes out piece by piece, as the client takes it. */
export class RawJson {
  /** @param pieces one JSON value, cut anywhere; asked for once, while the answer is sent */
  constructor(readonly pieces: () => Iterable<string>) {}
}

/** The text of an object with RawJson among its properties; undefined when there is none. */
export function rawJsonPieces(payload: unknown): Generator<string> | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  return Object.values(payload).some((value) => value instanceof RawJson) ? piecesOf(payload) : undefined;
}

function* piecesOf(payload: object): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(payload)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    if (value instanceof RawJson) yield* value.pieces();
    else yield stringifyJson(value);
    before = ',';
  }
  yield '}';
}
