/** Unix seconds as the API shows times: ISO 8601 in UTC without fractions. */
export function isoTime(unixSeconds: number | bigint): string {
  return new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
}
