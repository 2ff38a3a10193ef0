import { type Queryable, toBytes, toHex } from '#persistence';

/** Which contracts this platform works with. Stored once at deployment; the newest row is the current one. */
export class CurrentDeployment {
  constructor(
    readonly chainId: number,
    /** Lower-case 0x address of Authorities. */
    readonly authorities: string,
    /** Lower-case 0x address of Vouchers. */
    readonly vouchers: string,
    /** Part of both EIP-712 domains. */
    readonly salt: string,
    /** The block of the deployment: no event of these contracts is older. */
    readonly blockNumber: bigint,
    readonly blockHash: string,
  ) {}
}

type DeploymentRow = {
  chain_id: bigint;
  authorities: Buffer;
  vouchers: Buffer;
  salt: Buffer;
  block_number: bigint;
  block_hash: Buffer;
};

/** The current deployment, or null when the contracts are not deployed yet. */
export async function loadDeployment(db: Queryable): Promise<CurrentDeployment | null> {
  const [row] = await db.query<DeploymentRow>(
    `SELECT chain_id, authorities, vouchers, salt, block_number, block_hash
       FROM app.deployment ORDER BY id DESC LIMIT 1`,
  );
  if (!row) return null;
  return new CurrentDeployment(
    Number(row.chain_id),
    toHex(row.authorities),
    toHex(row.vouchers),
    toHex(row.salt),
    row.block_number,
    toHex(row.block_hash),
  );
}

/** Makes this deployment the current one. */
export async function storeDeployment(db: Queryable, deployment: CurrentDeployment): Promise<void> {
  await db.query(
    `INSERT INTO app.deployment (chain_id, authorities, vouchers, salt, block_number, block_hash)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      deployment.chainId,
      toBytes(deployment.authorities),
      toBytes(deployment.vouchers),
      toBytes(deployment.salt),
      deployment.blockNumber,
      toBytes(deployment.blockHash),
    ],
  );
}
