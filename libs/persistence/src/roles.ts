import type { Client } from 'pg';
import { codeOf, OperatorError } from '#platform';
import { withClient } from './embedded/database.js';

/**
 * What a process may do in the database, whoever it logs in as: `api` stores submissions and reads the rest, `worker`
 * writes what follows from the chain, `report` reads alone.
 */
export type DatabaseRole = 'api' | 'worker' | 'report';
export const DATABASE_ROLES: readonly DatabaseRole[] = ['api', 'worker', 'report'];

/** `auto`: use the role where it exists; `required`: don't start without it; `off`: work as who logs in. */
export type RoleMode = 'auto' | 'required' | 'off';

/** PostgreSQL's name of a role; the same for all databases of a server. */
export function roleName(role: DatabaseRole): string {
  return `jangteo_${role}`;
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** Somebody else was faster: duplicate_object, unique_violation, "tuple concurrently updated". */
const RACED = new Set(['42710', '23505', 'XX000']);
const ATTEMPTS = 5;

/** Tables of `app` that the API adds rows to. What a row says about a payment never changes. */
const API_INSERTS =
  'app.signed_order, app.refused_payment, app.outbox, app.act, app.act_approval, app.terms_document, app.issue_list, ' +
  'app.issue_chunk, app.merchant_profile, app.audit_entry, app.job, app.stored_file, app.later_refusal';

const all = DATABASE_ROLES.map(roleName).join(', ');
const api = roleName('api');
const worker = roleName('worker');

/** From nothing each time, so that a right that is not listed here is gone. */
const GRANTS = `
  REVOKE ALL ON ALL TABLES IN SCHEMA app, chain, books, pgboss FROM ${all};
  GRANT USAGE ON SCHEMA app, chain, books TO ${all};
  GRANT SELECT ON ALL TABLES IN SCHEMA app, chain, books TO ${all};
  GRANT SELECT ON schema_migration TO ${all};
  GRANT INSERT ON ${API_INSERTS} TO ${api};
  GRANT UPDATE ON app.act, app.act_approval, app.job TO ${api};
  GRANT INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA chain, books TO ${worker};
  GRANT INSERT, UPDATE, DELETE ON app.outbox, app.relay_transaction, app.refused_payment TO ${worker};
  GRANT INSERT ON app.audit_entry, app.relayer TO ${worker};
  GRANT UPDATE ON app.act TO ${worker};
  GRANT DELETE ON app.stored_file TO ${api};
  GRANT INSERT, DELETE ON app.stored_file TO ${worker};
  GRANT INSERT, UPDATE ON app.job TO ${worker};
  GRANT USAGE ON SCHEMA pgboss TO ${worker};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO ${worker};`;

/**
 * Makes the three roles where they are missing, lets the present user take them, and gives them exactly their rights
 * in this database. To be run by the owner of the tables after each migration.
 *
 * @returns false when the present user may not do that: then processes work as who logs in
 */
export async function ensureRoles(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        for (const role of DATABASE_ROLES) await ensureRole(client, roleName(role));
        await client.query(GRANTS);
        return true;
      } catch (error) {
        const code = codeOf(error);
        if (code === INSUFFICIENT_PRIVILEGE) return false;
        if (attempt === ATTEMPTS || code === undefined || !RACED.has(code)) throw error;
      }
    }
  });
}

async function ensureRole(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${name} NOLOGIN`);
  const { rows } = await client.query<{ mine: boolean }>(
    `SELECT pg_has_role(current_user, $1, 'SET') AS mine`,
    [name],
  );
  if (rows[0]?.mine !== true)
    await client.query(`GRANT ${name} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE`);
}

/**
 * The role that a process shall take right when it connects; undefined = none.
 *
 * @throws OperatorError when it is required and can't be taken
 */
export async function chooseRole(
  url: string,
  role: DatabaseRole,
  mode: RoleMode,
): Promise<string | undefined> {
  if (mode === 'off') return undefined;
  const name = roleName(role);
  if (await canTake(url, name)) return name;
  if (mode === 'auto') return undefined;
  throw new OperatorError(
    `DATABASE_ROLES=required, but the user of DATABASE_URL cannot take the role ${name} in this database. Run ` +
      '`jangteo migrate` as the owner of the tables with CREATEROLE; or let an administrator run ' +
      `"CREATE ROLE ${name} NOLOGIN; GRANT ${name} TO <user>" for each of ${all}, and then \`jangteo migrate\`.`,
  );
}

/** Roles belong to the server, their rights to each database: a role without rights here is no use. */
async function canTake(url: string, name: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ can: boolean }>(
      `SELECT pg_has_role(current_user, r.oid, 'SET') AND to_regclass('app.deployment') IS NOT NULL
              AND has_schema_privilege(r.oid, 'app', 'USAGE')
              AND has_table_privilege(r.oid, to_regclass('app.deployment'), 'SELECT') AS can
         FROM pg_roles r WHERE r.rolname = $1 AND to_regnamespace('app') IS NOT NULL`,
      [name],
    );
    return rows[0]?.can === true;
  });
}
