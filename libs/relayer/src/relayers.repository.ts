import { type Queryable, toBytes } from '#persistence';

/** Writes down, once, that an address relays for this platform; see app.relayer. */
export async function registerRelayer(db: Queryable, address: string): Promise<void> {
  await db.query('INSERT INTO app.relayer (address) VALUES ($1) ON CONFLICT DO NOTHING', [toBytes(address)]);
}
