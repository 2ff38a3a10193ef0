/** Unix seconds of a time of the API (ISO 8601). */
export function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
