import { chooseRole, Database, ensureRoles, roleName, withClient, type DatabaseRole } from '#persistence';
import { createMigratedDatabase, type MigratedDatabase } from './support/database.js';

const DENIED = { driverError: { code: '42501' } };

describe('the rights of the processes', () => {
  let database: MigratedDatabase;
  const open: Database[] = [];

  async function as(role: DatabaseRole): Promise<Database> {
    const name = await chooseRole(database.url, role, 'required');
    const db = await Database.connect({
      url: database.url,
      poolMax: 1,
      role: name,
      readOnly: role === 'report',
    });
    open.push(db);
    return db;
  }

  /** Every right to change a table that a role has, as PostgreSQL reports it. */
  async function rightsOf(role: DatabaseRole): Promise<string[]> {
    const rows = await database.db.query<{ granted: string }>(
      `SELECT table_schema || '.' || table_name || ' ' || privilege_type AS granted
         FROM information_schema.role_table_grants
        WHERE grantee = $1 AND privilege_type NOT IN ('SELECT') AND table_schema IN ('app', 'chain', 'books')
        ORDER BY 1`,
      [roleName(role)],
    );
    return rows.map(({ granted }) => granted);
  }

  beforeAll(async () => {
    database = await createMigratedDatabase();
    // Twice, and at once: roles belong to the server, and others may be making them.
    await Promise.all([ensureRoles(database.url), ensureRoles(database.url)]);
  });
  afterAll(async () => {
    for (const db of open) await db.close();
    await database.drop();
  });

  it('lets the API read the copy of the chain and the books, and change neither', async () => {
    const api = await as('api');
    await expect(api.query('SELECT count(*) FROM chain.payment, books.entry')).resolves.toHaveLength(1);
    const forbidden = [
      `INSERT INTO chain.cursor (block_number, block_hash) VALUES (1, decode(repeat('00', 32), 'hex'))`,
      'UPDATE chain.holding SET balance = balance + 1',
      'DELETE FROM chain.payment',
      'TRUNCATE chain.payment',
      'UPDATE books.balance SET debit = debit + 1',
      'DELETE FROM books.entry',
      'UPDATE app.signed_order SET amount = amount + 1',
      'DELETE FROM app.outbox',
      'UPDATE app.outbox SET decided_block = 1',
      'INSERT INTO app.relay_transaction (relayer, nonce, hash, raw, items) SELECT relayer, nonce, hash, raw, items FROM app.relay_transaction',
      'UPDATE app.deployment SET chain_id = 1',
      'DELETE FROM app.audit_entry',
      'CREATE TABLE chain.mine (id integer)',
      'ALTER TABLE chain.payment DISABLE TRIGGER ALL',
    ];
    for (const statement of forbidden) await expect(api.query(statement)).rejects.toMatchObject(DENIED);
    await api.query('RESET ROLE');
    await expect(api.query('DELETE FROM chain.payment')).rejects.toMatchObject(DENIED);
    expect((await rightsOf('api')).filter((right) => !right.startsWith('app.'))).toEqual([]);
  });

  it('lets reports change nothing at all', async () => {
    const reports = await as('report');
    await expect(reports.query('SELECT count(*) FROM chain.daily_total')).resolves.toHaveLength(1);
    expect(await rightsOf('report')).toEqual([]);
    await reports.query('SET default_transaction_read_only = off');
    await expect(reports.query('DELETE FROM app.outbox')).rejects.toMatchObject(DENIED);
    await expect(reports.query('UPDATE chain.holding SET balance = 0')).rejects.toMatchObject(DENIED);
  });

  it('lets the worker write what follows from the chain, and leave alone what people submitted', async () => {
    const worker = await as('worker');
    await expect(worker.query('DELETE FROM chain.payment')).resolves.toEqual([]);
    for (const table of ['signed_order', 'act_approval', 'deployment', 'terms_document'])
      await expect(worker.query(`DELETE FROM app.${table}`)).rejects.toMatchObject(DENIED);
  });

  it('reports to an operator whose user may not make roles what to do, and works without roles unless they are required', async () => {
    const login = `plain_${process.pid}`;
    const url = new URL(database.url);
    await withClient(database.url, (db) => db.query(`CREATE ROLE ${login} LOGIN PASSWORD 'plain'`));
    try {
      url.username = login;
      url.password = 'plain';
      expect(await ensureRoles(url.href)).toBe(false);
      expect(await chooseRole(url.href, 'api', 'auto')).toBeUndefined();
      await expect(chooseRole(url.href, 'api', 'required')).rejects.toThrow('jangteo migrate');
      expect(await chooseRole(database.url, 'api', 'off')).toBeUndefined();
    } finally {
      await withClient(database.url, (db) => db.query(`DROP ROLE ${login}`));
    }
  });
});
