/** Settings of an API whose clients are the tests: they come from one address, and much at once. */
export const UNLIMITED = { UNLIMITED_CLIENTS: '127.0.0.1,::1' } as const;
