import { keccak256, toUtf8Bytes } from 'ethers';
import { Client } from 'pg';
import type { Hex } from '#contracts';

/**
 * One process at a time works for a relayer key: a session-level advisory lock on a connection of its own. Losing
 * the connection loses the lock, and another process may take over. Two owners for a moment do no harm (a nonce can
 * be journalled once, a row be carried once), they only cost each other attempts.
 */
export class KeyOwnership {
  private client: Client | undefined;
  private readonly lockId: bigint;

  constructor(
    private readonly databaseUrl: string,
    address: Hex,
  ) {
    this.lockId = BigInt.asIntN(64, BigInt(keccak256(toUtf8Bytes(`relayer ${address}`)).slice(0, 18)));
  }

  /** Whether this process owns the key, as far as is known; a broken connection ends it. */
  get isHeld(): boolean {
    return this.client !== undefined;
  }

  /** True while this process owns the key; tries to become the owner when it does not. */
  async hold(): Promise<boolean> {
    if (this.client !== undefined) return true;
    const client = new Client({ connectionString: this.databaseUrl, application_name: 'jangteo-relayer' });
    const forget = () => {
      if (this.client === client) this.client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
      this.lockId.toString(),
    ]);
    if (rows[0]?.held === true) {
      this.client = client;
      return true;
    }
    await client.end();
    return false;
  }

  async release(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
