/** Requests that boot.js sent before the code of the page was there, by address. */
declare global {
  var jangteoEarly: Record<string, Promise<Response>> | undefined;
}

/**
 * The answer to a request that was sent early; to the first who asks, because later ones want newer figures.
 *
 * @returns undefined when there was none or it came to nothing
 */
export async function takeEarly(address: string): Promise<Response | undefined> {
  const early = globalThis.jangteoEarly?.[address];
  if (early === undefined) return undefined;
  delete globalThis.jangteoEarly?.[address];
  return early.catch(() => undefined);
}
