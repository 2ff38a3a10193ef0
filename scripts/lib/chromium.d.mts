/** The browser of this machine; undefined when there is none. */
export function findChromium(): string | undefined;
