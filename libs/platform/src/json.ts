/**
 * JSON for responses: bigint becomes a string of digits, because JSON numbers lose won above 2^53 in most
 * clients. Amounts are therefore strings everywhere in the API, small or large.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'bigint' ? entry.toString() : entry,
  );
}
