import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ActRefusals } from '#access';
import { CurrentDeployment, Keystore } from '#node';
import { HttpRelayNode, Relayer } from '#relayer';
import { Database } from '#persistence';
import { Log, Metrics, Readiness, ServiceConfig, supervisorLogOf } from '#platform';
import { SettledWatch } from './settled-watch.js';

const KEYS = 2;

/** Submits the outbox to the chain with this installation's relayer keys. */
@Injectable()
export class RelayerJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private relayer: Relayer | undefined;

  constructor(
    @Inject(ServiceConfig) private readonly config: ServiceConfig,
    @Inject(Log) private readonly log: Log,
    private readonly db: Database,
    private readonly node: HttpRelayNode,
    private readonly deployment: CurrentDeployment,
    private readonly acts: ActRefusals,
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    private readonly watch: SettledWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const keystore = await Keystore.open({ home: this.config.home, password: this.config.keystorePassword });
    this.relayer = new Relayer({
      databaseUrl: this.config.databaseUrl,
      db: this.db,
      node: this.node,
      signers: await keystore.signers('relayer', KEYS),
      deployment: this.deployment,
      itemsMax: this.config.relayerBatchMax,
      log: supervisorLogOf(this.log),
      onSubmitted: (submitted) => this.watch.submitted(submitted),
      onRefused: async (tx, { kind, id, revert, message }) => {
        this.watch.left(kind, id, revert?.key ?? 'unknown', message);
        if (kind === 'act') await this.acts.record(tx, { id, revert });
      },
    });
    const { relayer } = this;
    // A process that owns no key is well: another one has them, and this one stands by.
    this.readiness.add('relayer', async () => ({ keys: KEYS, owned: relayer.keysOwned }));
    const owned = this.metrics.gauge({
      name: 'jangteo_relayer_keys_owned',
      help: 'Relayer keys that this process works for; the sum over all workers is the number of keys',
    });
    Object.assign(owned, { collect: () => owned.set(relayer.keysOwned) });
    await relayer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relayer?.stop();
  }
}
