import { STARTS_DEFAULT, type Starts } from '#contracts';
import { type Unit, WON } from '#domain';
import { type Queryable, toBytes, toHex } from '#persistence';

/** Which contracts this platform works with, and what was fixed when they were made. Stored once; one for a database. */
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
    /** What amounts count. */
    readonly unit: Unit = WON,
    /** After which numbers its series and issue orders begin. */
    readonly starts: Starts = STARTS_DEFAULT,
  ) {}
}

type DeploymentRow = {
  chain_id: bigint;
  authorities: Buffer;
  vouchers: Buffer;
  salt: Buffer;
  block_number: bigint;
  block_hash: Buffer;
  unit_code: string;
  unit_digits: number;
  unit_ko: string;
  unit_en: string;
  series_after: bigint;
  issue_orders_after: bigint;
};

/** The current deployment, or null when the contracts are not deployed yet. */
export async function loadDeployment(db: Queryable): Promise<CurrentDeployment | null> {
  const [row] = await db.query<DeploymentRow>(
    `SELECT chain_id, authorities, vouchers, salt, block_number, block_hash,
            unit_code, unit_digits, unit_ko, unit_en, series_after, issue_orders_after
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
    { code: row.unit_code, digits: row.unit_digits, ko: row.unit_ko, en: row.unit_en },
    { series: Number(row.series_after), issueOrders: row.issue_orders_after },
  );
}

/** Makes this deployment the current one. */
export async function storeDeployment(db: Queryable, deployment: CurrentDeployment): Promise<void> {
  await db.query(
    `INSERT INTO app.deployment (chain_id, authorities, vouchers, salt, block_number, block_hash,
                                 unit_code, unit_digits, unit_ko, unit_en, series_after, issue_orders_after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      deployment.chainId,
      toBytes(deployment.authorities),
      toBytes(deployment.vouchers),
      toBytes(deployment.salt),
      deployment.blockNumber,
      toBytes(deployment.blockHash),
      deployment.unit.code,
      deployment.unit.digits,
      deployment.unit.ko,
      deployment.unit.en,
      deployment.starts.series,
      deployment.starts.issueOrders,
    ],
  );
}
