import { Interface, type Result } from 'ethers';
import { Json } from '../support/json.js';
import type { OutsideClient } from '../support/outside-client.js';
import type { Evidence, Settled } from './journal.js';

/** As much of the contract as an auditor needs to know. */
const VOUCHERS = new Interface([
  'event Paid(bytes32 indexed payment, uint32 indexed series, address indexed payer, address merchant, uint64 amount, uint40 signed, bytes32 order)',
  'function holding(uint32 series, address account) view returns (tuple(uint48 balance, uint48 received, uint32 top, uint64 window, uint16 day, uint32 spentToday, uint16 receivedDay))',
  'function merchantBalance(uint32 series, address merchant) view returns (tuple(uint48 balance, uint32 top, uint64 window, uint64[3] byHop))',
]);

const LIMIT = 500;

/** Asks the chain's node and the API, each on its own. */
export class Auditor {
  private constructor(
    private readonly client: OutsideClient,
    private readonly chainUrl: string,
    private readonly vouchers: string,
    private readonly fromBlock: string,
    private readonly series: number,
  ) {}

  static async of(client: OutsideClient, chainUrl: string, series: number): Promise<Auditor> {
    const chain = await client.get('/v1/chain');
    const from = `0x${BigInt(chain.at('deploymentBlock').text()).toString(16)}`;
    return new Auditor(client, chainUrl, chain.at('contracts', 'vouchers').text(), from, series);
  }

  async gather(issued: ReadonlyMap<string, bigint>, merchants: readonly string[]): Promise<Evidence> {
    return {
      issued,
      chain: await this.settledOnChain(),
      api: await this.settledInApi(),
      chainHoldings: await this.each([...issued.keys()], (who) => this.view('holding', who)),
      chainMerchantBalances: await this.each(merchants, (who) => this.view('merchantBalance', who)),
      apiHoldings: await this.each([...issued.keys()], (who) =>
        this.listed(`/v1/accounts/${who}/holdings`, 'items'),
      ),
      apiMerchantBalances: await this.each(merchants, (who) =>
        this.listed(`/v1/merchants/${who}/balance`, 'balances'),
      ),
    };
  }

  /** Every payment of the series that the contract settled, as the node has it now. */
  async settledOnChain(): Promise<Settled[]> {
    const topics = VOUCHERS.encodeFilterTopics('Paid', [null, this.series, null]);
    const filter = { address: this.vouchers, topics, fromBlock: this.fromBlock, toBlock: 'latest' };
    const logs = await this.rpc('eth_getLogs', [filter]);
    return logs.list().map((log) => {
      const event = VOUCHERS.parseLog({
        topics: log
          .at('topics')
          .list()
          .map((topic) => topic.text()),
        data: log.at('data').text(),
      });
      if (event === null) throw new Error('the log is not a Paid event');
      return {
        id: text(event.args, 'payment'),
        payer: text(event.args, 'payer'),
        merchant: text(event.args, 'merchant'),
        amount: BigInt(text(event.args, 'amount')),
      };
    });
  }

  private async settledInApi(): Promise<Settled[]> {
    const rows = await this.client.all(`/v1/payments?series=${this.series}&state=final&limit=${LIMIT}`);
    return rows.map((row) => ({
      id: row.at('id').text(),
      payer: row.at('payer').text(),
      merchant: row.at('merchant').text(),
      amount: row.at('amount').won(),
    }));
  }

  private async view(name: 'holding' | 'merchantBalance', who: string): Promise<bigint> {
    const data = VOUCHERS.encodeFunctionData(name, [this.series, who]);
    const answer = await this.rpc('eth_call', [{ to: this.vouchers, data }, 'latest']);
    const [state] = VOUCHERS.decodeFunctionResult(name, answer.text()).toArray() as Result[];
    if (state === undefined) throw new Error(`${name} gave nothing`);
    return BigInt(text(state, 'balance'));
  }

  /** The balance in our series in a list of holdings or merchant balances; 0 when it is not there. */
  private async listed(path: string, name: 'items' | 'balances'): Promise<bigint> {
    const items = (await this.client.get(path)).at(name).list();
    const found = items.find((item) => seriesOf(item) === this.series);
    return found?.at('balance').won() ?? 0n;
  }

  private async each(
    addresses: readonly string[],
    ask: (who: string) => Promise<bigint>,
  ): Promise<Map<string, bigint>> {
    const found = new Map<string, bigint>();
    for (const who of addresses) found.set(who, await ask(who));
    return found;
  }

  private async rpc(method: string, params: readonly unknown[]): Promise<Json> {
    const response = await fetch(this.chainUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const answer = new Json(await response.json());
    if (answer.at('error').present) throw new Error(`${method}: ${JSON.stringify(answer.at('error').value)}`);
    return answer.at('result');
  }
}

function seriesOf(item: Json): number {
  const series = item.at('series');
  return typeof series.value === 'number' ? series.value : series.at('id').number();
}

function text(values: Result, name: string): string {
  return String(values.getValue(name)).toLowerCase();
}
