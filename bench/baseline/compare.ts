import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { LocalSigner } from '#node';
import { projectRoot } from '#platform';
import {
  PaymentRun,
  type PaymentFigures,
  type PaymentRunOptions,
  type Target,
} from '../support/payment-run.js';
import { platformCpu } from '../support/platform-usage.js';
import { cpuSecondsOf } from '../support/usage.js';
import type { BaselineSettings } from './service.js';
import { deployToken } from './token.js';

const ROUNDS = 2;
const CARRIER_KEY = `0x${Buffer.from('baseline carrier'.padEnd(32, '.')).toString('hex')}`;
const TABLES = { channel: 'baseline_block', cursor: 'baseline.cursor', payments: 'baseline.settled' };

export interface Comparison {
  readonly rounds: readonly { readonly ours: PaymentFigures; readonly baseline: PaymentFigures }[];
  /** CPU milliseconds per payment, all rounds together. */
  readonly cpu_ms_per_payment: { readonly ours: number; readonly baseline: number };
  /** How many times our CPU time the baseline takes. */
  readonly ratio: number;
  /** The same for the node and the launcher beside it alone: what more blockspace would have to be bought for. */
  readonly ratio_on_chain_side: number | null;
  readonly baseline_wrong: readonly string[];
}

/** Loads the platform and the baseline in turn, on the same database server and the same node. */
export async function compare(
  run: PaymentRun,
  options: Omit<PaymentRunOptions, 'target'>,
  load: { readonly rate: number; readonly seconds: number; readonly each: bigint },
): Promise<Comparison> {
  const { platform, population } = options;
  const carrier = new LocalSigner(CARRIER_KEY).address;
  const holders = population.payers.map(({ address }) => address);
  options.say('deploying the baseline');
  const token = await deployToken(platform.chainUrl, carrier, holders, load.each);
  const { databaseUrl, chainUrl } = platform;
  const { domain } = population;
  const settings = { databaseUrl, chainUrl, chainId: domain.chainId, token, carrierKey: CARRIER_KEY, domain };
  const server = await BaselineProcess.start(settings);
  try {
    const other = new PaymentRun({ ...options, target: server.target(platform) });
    await other.measure(Math.min(load.rate, 200), 3);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        ours: await run.measure(load.rate, load.seconds),
        baseline: await other.measure(load.rate, load.seconds),
      });
    }
    return { ...ratiosOf(rounds), rounds, baseline_wrong: await other.contradictions() };
  } finally {
    await server.stop();
  }
}

function ratiosOf(rounds: Comparison['rounds']): Omit<Comparison, 'rounds' | 'baseline_wrong'> {
  const cost = (which: 'ours' | 'baseline') => {
    const payments = rounds.reduce((sum, round) => sum + round[which].final, 0);
    const seconds = rounds.reduce((sum, round) => sum + secondsOf(round[which]), 0);
    return (seconds * 1000) / Math.max(1, payments);
  };
  const [mine, theirs] = [cost('ours'), cost('baseline')];
  const [settled, carried] = [onChain(rounds, 'ours'), onChain(rounds, 'baseline')];
  return {
    cpu_ms_per_payment: { ours: Number(mine.toFixed(3)), baseline: Number(theirs.toFixed(3)) },
    ratio: Number((theirs / mine).toFixed(1)),
    ratio_on_chain_side: settled > 0 ? Number((carried / settled).toFixed(1)) : null,
  };
}

/** CPU of the node and of the launcher, which carries calls to it and writes its journal, per payment. */
function onChain(rounds: Comparison['rounds'], which: 'ours' | 'baseline'): number {
  const payments = rounds.reduce((sum, round) => sum + round[which].final, 0);
  const seconds = rounds.reduce((sum, round) => {
    const { anvil = 0, launcher = 0 } = round[which].cpu_seconds;
    return sum + anvil + launcher;
  }, 0);
  return seconds / Math.max(1, payments);
}

function secondsOf(figures: PaymentFigures): number {
  return Object.entries(figures.cpu_seconds)
    .filter(([name]) => name !== 'generator')
    .reduce((sum, [, seconds]) => sum + seconds, 0);
}

class BaselineProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(settings: BaselineSettings): Promise<BaselineProcess> {
    const root = projectRoot();
    const compiler = path.join(root, 'test', 'setup', 'typescript.mjs');
    const server = path.join(root, 'bench', 'baseline', 'server.ts');
    const flags = ['--conditions=source', '--no-warnings', '--import', compiler];
    const child = spawn(process.execPath, [...flags, server], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, BASELINE: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once('exit', (code) => reject(new Error(`the baseline ended with ${code}`)));
    });
    return new BaselineProcess(child, url);
  }

  /** Not counted: the platform's own API and worker, which only look on. */
  target(platform: Parameters<typeof platformCpu>[0]): Target {
    const cpu = () => {
      const { launcher = 0, postgres = 0, anvil = 0 } = platformCpu(platform);
      return { launcher, postgres, anvil, server: cpuSecondsOf(this.child.pid ?? 0) };
    };
    return { url: this.url, tables: TABLES, cpu, reports: false };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
