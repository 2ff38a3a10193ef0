import { reconcile } from '#books';
import { readCursorBlock } from '#indexer';
import { HttpRelayNode, readBacklog, readKeys } from '#relayer';
import { clockLead, currentTime } from '#persistence';
import { loadConfig, messageOf } from '#platform';
import { leadText } from '../clock.js';
import type { Ledger } from '../platform/ledger.js';
import { bad, good, warning, type Finding } from './finding.js';

const LAG_BLOCKS_LOW = 10n;
const LAG_BLOCKS_BAD = 100n;
const OLDEST_S_LOW = 30;
const OLDEST_S_BAD = 300;
const OPEN_MAX = 16;
/** Enough to find what is wrong everywhere; `jangteo reconcile` finds the single row. */
const SAMPLE_ROWS = 2_000;

type Check = (ledger: Ledger) => Promise<Finding | Finding[]>;

/** What database and chain show together. A check that fails is a finding, and the others go on. */
export async function examineLedger(ledger: Ledger): Promise<Finding[]> {
  const checks: [string, Check][] = [
    ['clock', examineClock],
    ['chain', examineChain],
    ['indexer', examineLag],
    ['outbox', examineOutbox],
    ['relayer', examineKeys],
    ['reconciliation', examineSums],
  ];
  const findings: Finding[] = [];
  for (const [name, check] of checks) {
    try {
      findings.push(...[await check(ledger)].flat());
    } catch (error) {
      findings.push(bad(name, messageOf(error), 'Mend what is said above, then run doctor again.'));
    }
  }
  return findings;
}

async function examineChain({ db, node, deployment }: Ledger): Promise<Finding> {
  try {
    await node.requireChain();
  } catch (error) {
    return bad('chain', messageOf(error), 'Is CHAIN_RPC_URL right, and does the node run?');
  }
  const block = await node.header(deployment.blockNumber);
  if (block?.hash !== deployment.blockHash)
    return bad(
      'chain',
      `the node does not have block ${deployment.blockNumber}, in which the contracts were deployed`,
      'This database belongs to another chain, or the node still synchronises.',
    );
  const head = await node.latest();
  const ageS = Math.max((await currentTime(db)) - head.timestamp, 0);
  return good('chain', `chain ${deployment.chainId}, block ${head.number}, ${ageS} s old`);
}

async function examineClock({ db }: Ledger): Promise<Finding[]> {
  const lead = await clockLead(db);
  if (lead === 0) return [];
  const seen = `${leadText(lead)} ahead of the real time`;
  if (loadConfig(process.env).testClock) return [warning('clock', seen, 'This is a test installation.')];
  return [
    bad('clock', seen, 'API and worker start with TEST_CLOCK=on alone, which is for test installations.'),
  ];
}

async function examineLag({ db, node, endpoints }: Ledger): Promise<Finding> {
  const [indexed, head] = await Promise.all([readCursorBlock(db), node.latest()]);
  const lag = head.number - (indexed?.number ?? 0n);
  const seen = `${lag} blocks behind the node`;
  if (!endpoints.isServing) return good('indexer', `${seen}; no worker runs here`);
  const todo = 'Does a worker lead (jangteo_indexer_leads)? Look for indexer.failed in logs/worker.log.';
  if (lag > LAG_BLOCKS_BAD) return bad('indexer', seen, todo);
  return lag > LAG_BLOCKS_LOW ? warning('indexer', seen, todo) : good('indexer', seen);
}

async function examineOutbox({ db, endpoints }: Ledger): Promise<Finding> {
  const backlog = await readBacklog(db);
  const waiting = backlog.reduce((sum, { waiting: one, submitted }) => sum + one + submitted, 0);
  const oldest = Math.round(Math.max(...backlog.map(({ oldestSeconds }) => oldestSeconds)));
  const seen = waiting === 0 ? 'nothing waits' : `${waiting} rows wait, the oldest for ${oldest} s`;
  if (!endpoints.isServing && waiting > 0) return good('outbox', `${seen}; the next worker relays them`);
  const todo = 'Look for relayer.* in logs/worker.log: is a key owned, does the node take transactions?';
  if (oldest > OLDEST_S_BAD) return bad('outbox', seen, todo);
  return oldest > OLDEST_S_LOW ? warning('outbox', seen, todo) : good('outbox', seen);
}

async function examineKeys({ db, endpoints }: Ledger): Promise<Finding[]> {
  const node = new HttpRelayNode(endpoints.chainUrl);
  const findings: Finding[] = [];
  for (const { relayer, open, nextNonce } of await readKeys(db)) {
    const drift = nextNonce - (await node.transactionCount(relayer));
    const seen = `${relayer}: next nonce ${nextNonce}, ${open} open, drift ${drift}`;
    if (drift < 0)
      findings.push(
        warning(
          'relayer',
          seen,
          'Another program uses this key: find out which. The journal heals by itself.',
        ),
      );
    else if (drift > OPEN_MAX)
      findings.push(bad('relayer', seen, 'Its transactions don’t get into blocks: look at the node’s pool.'));
    else findings.push(good('relayer', seen));
  }
  return findings.length > 0 ? findings : [good('relayer', 'no key has relayed anything yet')];
}

async function examineSums({ db, node, deployment }: Ledger): Promise<Finding> {
  if ((await readCursorBlock(db)) === null) return good('reconciliation', 'nothing is copied yet');
  const { differences, rows, block } = await reconcile({ db, node, deployment, sampleRows: SAMPLE_ROWS });
  const seen = `${rows} rows of the contracts’ state, tables and books at block ${block}: `;
  const [first] = differences;
  if (first === undefined) return good('reconciliation', `${seen}no difference`);
  return bad(
    'reconciliation',
    `${seen}${differences.length} differences, the first: ${first.check}: ${first.key}`,
    'Run `jangteo reconcile` for all of them; `jangteo rebuild` makes the copy again from the chain.',
  );
}
