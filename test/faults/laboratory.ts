import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, Database, startEmbeddedPostgres, withClient, withDatabase } from '#persistence';
import { silentLog } from '#platform';
import { migrate } from '../support/database.js';
import { PlatformHome } from '../support/platform-home.js';
import { World } from '../support/world.js';

const TEMPLATE = 'laboratory';
/** Nothing here has to survive the run. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Small worlds one after the other on one PostgreSQL, for scenarios that look at single parts. */
export class Laboratory {
  private readonly onExit = () => this.home.killAll();
  private count = 0;

  private constructor(
    private readonly home: PlatformHome,
    private readonly url: string,
    private readonly stop: () => Promise<void>,
  ) {
    process.once('exit', this.onExit);
  }

  /** Runs the work and ends what it left open. */
  static async with<T>(work: (laboratory: Laboratory) => Promise<T>): Promise<T> {
    const home = PlatformHome.create();
    mkdirSync(home.state, { recursive: true, mode: 0o711 });
    try {
      const server = await startEmbeddedPostgres({ home: home.state, log: silentLog, settings: SETTINGS });
      const laboratory = new Laboratory(home, server.url, () => server.stop());
      await migrate(await createDatabase(server.url, TEMPLATE));
      return await work(laboratory).finally(() => laboratory.close());
    } finally {
      home.killAll();
      await sleep(100);
      home.remove();
    }
  }

  /** A world with a database and a node of its own; whoever asks closes it. */
  async world(): Promise<World> {
    const name = `world_${++this.count}`;
    const admin = async (sql: string) => void (await withClient(this.url, (client) => client.query(sql)));
    await admin(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    const url = withDatabase(this.url, name);
    const db = await Database.connect({ url });
    const drop = async () => {
      await db.close();
      await admin(`DROP DATABASE ${name} WITH (FORCE)`);
    };
    return World.create({ database: { url, db, drop } });
  }

  private async close(): Promise<void> {
    process.off('exit', this.onExit);
    await this.stop();
  }
}
