import { keccak256, Wallet, type TransactionReceipt } from 'ethers';
import { refusal, type ItemRefusalKey } from '#domain';
import {
  consentBytes,
  consentDigest,
  encodeCancel,
  encodeCancelAsMerchant,
  encodeChangeKeys,
  encodeCirculate,
  encodeExpire,
  encodeFinishReplacement,
  encodeGive,
  encodeIssueByQuota,
  encodePay,
  encodeRedeem,
  encodeRefund,
  encodeStopHandOver,
  encodeStopReplacement,
  encodeVoidPayments,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  handOverObjectionDigest,
  KEY_DELAY_SECONDS_DEFAULT,
  keyChangeDigest,
  keyRingHash,
  objectionDigest,
  packRecipients,
  quotaIssueDigest,
  vouchersDomain,
  vouchersInterface,
  type ContractEvent,
  type Hex,
} from '../../src/index.js';
import {
  device,
  keylessAccount,
  passkey,
  ringAccount,
  wallet,
} from '../../../../test/support/signing-keys.js';
import { receiptsOf } from './receipts.js';
import { CHAIN_START, type TestChain } from './test-chain.js';
import { DEADLINE, ContractsFixture } from './contracts-fixture.js';

const DAY = 86_400;
const YEAR = 365 * DAY;
/** Series of the fixture: everything allowed; the same, expiring later; sold to residents. */
const FIRST = 1;
const SECOND = 2;
const SOLD = 3;
const RUN = `0x${'0d'.repeat(32)}`;

/** The events of one step of the life, and the state after it. */
export interface Step {
  readonly name: string;
  readonly events: readonly ContractEvent[];
  /** every slot of the events, ERC-1155's among them, byte for byte */
  readonly logs: readonly string[];
  readonly state: Readonly<Record<string, unknown>>;
}

/** Names and what counts of events, e.g. `Paid 5000`, `PaymentRefused replayed`. */
export function eventsOf({ events }: Step): string[] {
  return events.map((event) => {
    if ('code' in event) return `${event.name} ${nameOf(event.code)}`;
    return 'amount' in event ? `${event.name} ${event.amount}` : event.name;
  });
}

function nameOf(code: number): string {
  return REFUSALS.find((key) => refusal(key).number === code) ?? String(code);
}
const REFUSALS: readonly ItemRefusalKey[] = [
  ...(['replayed', 'signature_invalid', 'device_limit_exceeded', 'owner_key_needed'] as const),
  ...(['insufficient_balance', 'amount_zero', 'void_exceeds_payment', 'refund_not_due'] as const),
  ...([
    'hop_limit_reached',
    'nothing_to_cancel',
    'month_cap_exceeded',
    'insufficient_merchant_balance',
    'merchant_unknown',
  ] as const),
];

/** The whole life of vouchers, through every entry point, the same on every chain. */
export class Life {
  readonly steps: Step[] = [];
  private readonly ana = wallet('ana');
  private readonly ben = wallet('ben');
  /** Owner passkey and a device with 10,000 won a day. */
  private readonly cho = ringAccount(
    10_000n,
    [
      { right: 'owner', key: passkey('cho passkey') },
      { right: 'device', key: device('cho device') },
    ],
    { authority: '47130', role: 'resident' },
  );
  /** Opened at the counter without keys. */
  private readonly counter = keylessAccount({
    authority: '47130',
    role: 'resident',
    salt: `0x${'de'.repeat(32)}`,
  });
  private readonly stall = wallet('stall');
  private readonly bakery = wallet('bakery');
  private readonly mill = wallet('mill');

  private constructor(private readonly fixture: ContractsFixture) {}

  static async open(chain: TestChain): Promise<Life> {
    return new Life(await ContractsFixture.open(chain));
  }

  close(): Promise<void> {
    return this.fixture.close();
  }

  /** Runs it; `steps` records what happened. */
  async live(): Promise<void> {
    await this.found();
    await this.issue();
    const paid = await this.pay();
    await this.payWithKeys();
    await this.afterwards(paid);
    await this.settle();
    await this.keys();
    await this.moves();
    await this.tokens();
    await this.end();
  }

  private get domain() {
    return vouchersDomain(this.fixture.chain.deployment);
  }

  private async note(name: string, receipt: TransactionReceipt): Promise<TransactionReceipt> {
    this.steps.push({
      name,
      events: this.fixture.events(receipt),
      logs: receipt.logs.map(({ address, topics, data }) =>
        [address.toLowerCase(), ...topics, data].join(' '),
      ),
      state: await this.state(),
    });
    return receipt;
  }

  /** All views of the contracts about every account of the life. */
  private async state(): Promise<Record<string, unknown>> {
    const { fixture, ana, ben, cho, stall, bakery, mill } = this;
    const all: Record<string, unknown> = {};
    const ask = async (method: string, ...args: readonly unknown[]) => {
      all[[method, ...args].join(' ')] = plain(await fixture.read(method, args));
    };
    for (const { address } of [ana, ben, cho, this.counter]) {
      for (const series of [FIRST, SECOND, SOLD]) await ask('holding', series, address);
      await ask('account', address);
      await ask('keysOf', address);
      await ask('replacement', address);
      await ask('handOver', address);
    }
    for (const { address } of [stall, bakery, mill]) {
      await ask('merchantBalance', FIRST, address);
      await ask('merchantBalance', SECOND, address);
      await ask('merchant', address);
      await ask('balanceOf', address, FIRST);
    }
    for (const series of [FIRST, SECOND, SOLD]) {
      await ask('supply', series);
      await ask('seriesState', series);
    }
    for (const order of [1, 2, 3]) await ask('issueOrder', order);
    await ask('receiptCount');
    return all;
  }

  private async found(): Promise<void> {
    const { fixture, ana, ben, cho, stall, bakery, mill } = this;
    const allowed = { flags: 1, hops: 1, budget: 1_000_000n };
    await fixture.publish(allowed);
    await fixture.publish({ ...allowed, validUntil: CHAIN_START + YEAR + DAY });
    await fixture.publish({ flags: 2, budget: 1_000_000n, monthCap: 60_000n });
    await this.note('merchants', await fixture.register([stall, bakery, mill]));
    await this.note('accounts', await fixture.attest([ana, ben, cho, this.counter]));
    await this.decide();
  }

  /** What officers may decide besides, done and taken back. */
  private async decide(): Promise<void> {
    const { fixture, ana, stall } = this;
    const [authority, series, merchants] = ['47130', FIRST, [stall.address]];
    const until = fixture.chain.now() + DAY;
    await this.note('paused', await fixture.act('pause_series', { authority, series, until }));
    await fixture.act('pause_series', { authority, series, until: 0 });
    const [from, later] = [CHAIN_START + YEAR + DAY, CHAIN_START + YEAR + 2 * DAY];
    const extension = { authority, series: SECOND, from, until: later };
    await this.note('extended', await fixture.act('extend_series', extension));
    const held = await fixture.act('hold_payouts', { authority, merchants, until });
    await this.note('payouts held', held);
    const suspended = await fixture.act('set_merchant_status', { authority, merchants, status: 2 });
    await this.note('suspended', suspended);
    await fixture.act('set_merchant_status', { authority, merchants, status: 1 });
    const accounts = [ana.address];
    await this.note('frozen', await fixture.act('freeze_accounts', { authority, accounts, until }));
    await fixture.act('freeze_accounts', { authority, accounts, until: 0 });
    const delegation = { authority, series, to: '4713010100', left: 5_000n };
    await this.note('delegated', await fixture.act('delegate_budget', delegation));
    await this.note('budget', await fixture.act('set_budget', { authority, series, budget: 2_000_000n }));
  }

  private async issue(): Promise<void> {
    const { fixture, ana, ben, cho } = this;
    await this.note('list of the first series', await fixture.give([ana, ben, cho], 100_000n, FIRST));
    await this.note('list of the second series', await fixture.give([ana, cho], 50_000n, SECOND));
    const teller = device('quota');
    const terms = { authority: '47130', series: SOLD, total: 200_000n, perDay: 150_000n, key: teller.id };
    await this.note('quota', await fixture.act('approve_quota', terms));
    const issueOrder = fixture.nextIssueOrder();
    const items = packRecipients(
      [ana, ana, ben].map(({ address }) => ({ account: address, amount: 50_000n })),
    );
    const digest = quotaIssueDigest(this.domain, { issueOrder, index: 5, items: keccak256(items) });
    const data = encodeIssueByQuota(issueOrder, 5, items, teller.sign(digest));
    await this.note('issue by quota', await fixture.send(data));
    const close = await fixture.act('close_issue_order', { authority: '47130', issueOrder });
    await this.note('quota closed', close);
  }

  private async pay() {
    const { fixture, ana, ben, stall } = this;
    const items = [
      fixture.payment(ana, stall, { amount: 5_000n, nonce: 1 }),
      fixture.payment(ana, stall, { amount: 120_000n, nonce: 2 }, [FIRST, SECOND]),
      fixture.payment(ben, stall, { amount: 70_000n, nonce: 3 }),
      fixture.payment(ben, stall, { amount: 70_000n, nonce: 3 }),
      fixture.payment(ben, stall, { amount: 30_001n, nonce: 4 }),
      fixture.payment(ben, this.ana, { amount: 1n, nonce: 4 }),
      fixture.payment({ ...ana, address: ben.address }, stall, { amount: 1n, nonce: 4 }),
    ];
    return receiptsOf(await this.note('pay', await fixture.send(encodePay(items))), fixture.chain.now());
  }

  private async payWithKeys(): Promise<void> {
    const { fixture, cho, bakery } = this;
    const items = [
      fixture.payment(cho.by(0), bakery, { amount: 20_000n, nonce: 1 }),
      fixture.payment(cho.by(1), bakery, { amount: 9_000n, nonce: 2 }),
      fixture.payment(cho.by(1), bakery, { amount: 1_001n, nonce: 3 }),
      fixture.payment(cho.by(1), bakery, { amount: 1_000n, nonce: 3 }),
    ];
    await this.note('pay with passkey and device', await fixture.send(encodePay(items)));
  }

  private async afterwards(receipts: ReturnType<typeof receiptsOf>): Promise<void> {
    const { fixture, ana, ben, cho, stall, bakery, mill } = this;
    const [receipt] = receipts;
    if (receipt === undefined) throw new Error('nothing was paid');
    const undo = (amount: bigint, nonce: number) => ({
      receipt,
      stored: fixture.voiding(stall, ana, receipt.id, { amount, nonce }),
    });
    await this.note('void', await fixture.send(encodeVoidPayments([undo(2_000n, 1), undo(3_001n, 2)])));
    const gifts = [
      fixture.gift(ben, ana, { amount: 10_000n, nonce: 4 }),
      fixture.gift(cho.by(1), ana, { amount: 1n, nonce: 4 }),
    ];
    await this.note('gift', await fixture.send(encodeGive(gifts)));
    await this.note(
      'circulate',
      await fixture.send(
        encodeCirculate([fixture.circulation(stall, bakery, { amount: 40_000n, nonce: 3 })]),
      ),
    );
    const further = encodeCirculate([fixture.circulation(bakery, mill, { amount: 60_000n, nonce: 1 })]);
    await this.note('circulate what hopped', await fixture.send(further));
    const refunds = [
      fixture.refund(ben, { amount: 20_000n, nonce: 5 }),
      fixture.refund(cho.by(0), { amount: 70_000n, nonce: 5 }),
      fixture.refund(ben, { amount: 50_000n, nonce: 1, series: SOLD }),
    ];
    await this.note('refund', await fixture.send(encodeRefund(refunds)));
    const cancelled = [
      fixture.cancellation(ana, { amount: 2n, nonce: 4 }),
      fixture.cancellation(ana, { amount: 1n, nonce: 4 }),
    ];
    await this.note('cancel', await fixture.send(encodeCancel(cancelled)));
    const ofShop = [
      fixture.merchantCancellation(stall, { amount: 1n, nonce: 2 }),
      fixture.merchantCancellation(stall, { amount: 1n, nonce: 3 }),
    ];
    await this.note('cancel as merchant', await fixture.send(encodeCancelAsMerchant(ofShop)));
  }

  private async settle(): Promise<void> {
    const { fixture, stall, bakery, mill } = this;
    const redeem = encodeRedeem([
      fixture.redemption(bakery, { amount: 55_000n, nonce: 2 }),
      fixture.redemption(stall, { amount: 1_000_000n, nonce: 4 }),
    ]);
    await this.note('redeem', await fixture.send(redeem));
    const line = { merchant: stall.address, series: FIRST };
    const lines = [
      { ...line, amount: 100_000n },
      { ...line, amount: 1_000_000n },
      { merchant: mill.address, series: FIRST, amount: 1n },
    ];
    const run = await this.note(
      'settle',
      await fixture.act('settle', { authority: '47130', run: RUN, lines }),
    );
    const [receipt] = receiptsOf(run, fixture.chain.now());
    if (receipt === undefined) throw new Error('nothing was settled');
    const entries = [{ ...line, receipt }];
    await this.note('return', await fixture.act('return_redemptions', { authority: '47130', entries }));
  }

  private async keys(): Promise<void> {
    const { fixture, ana, ben, cho } = this;
    const next = ringAccount(0n, [{ right: 'owner', key: wallet('ana again').key }], ana.address);
    const change = { account: ana.address, keys: next.ring, change: 1, deadline: DEADLINE };
    const proof = ana.prove(keyChangeDigest(this.domain, change));
    await this.note(
      'keys changed',
      await fixture.send(encodeChangeKeys(ana.address, next.ring, DEADLINE, proof)),
    );
    const pays = [
      fixture.payment(ana, this.stall, { amount: 1n, nonce: 7 }),
      fixture.payment(next.by(0), this.stall, { amount: 1n, nonce: 7 }),
    ];
    await this.note('pay with old and new key', await fixture.send(encodePay(pays)));
    const lost = { authority: '47130', account: cho.address, keys: next.ring, overruling: false };
    await this.note('replacement proposed', await fixture.act('replace_keys', lost));
    const objection = { account: cho.address, keys: keyRingHash(next.ring), number: 1, deadline: DEADLINE };
    const objected = cho.by(0).prove(objectionDigest(this.domain, objection));
    const stop = encodeStopReplacement(cho.address, DEADLINE, objected);
    await this.note('replacement stopped', await fixture.send(stop));
    const found = { authority: '47130', account: ben.address, keys: next.ring, overruling: false };
    await fixture.act('replace_keys', found);
    fixture.chain.at(fixture.chain.now() + KEY_DELAY_SECONDS_DEFAULT);
    await this.note('keys replaced', await fixture.send(encodeFinishReplacement(ben.address)));
    const first = { authority: '47130', entries: [{ account: this.counter.address, keys: next.ring }] };
    await this.note('first keys', await fixture.act('set_first_keys', first));
  }

  /** Another city comes to answer for residents: with their consent, or as handed over unless they object. */
  private async moves(): Promise<void> {
    const { fixture, ben, cho } = this;
    const [from, to] = ['47130', '47190'];
    await fixture.found('47', to);
    const accounts = [cho.address, this.counter.address];
    const proposal = { authority: from, to, accounts };
    await this.note('hand-over proposed', await fixture.act('propose_hand_over', proposal));
    const objection = { account: cho.address, to, number: 1, deadline: DEADLINE };
    const objected = cho.by(0).prove(handOverObjectionDigest(this.domain, objection));
    const stop = encodeStopHandOver(cho.address, DEADLINE, objected);
    await this.note('hand-over stopped', await fixture.send(stop));
    const consent = { account: cho.address, from, to, number: 0, deadline: DEADLINE };
    const moving = {
      account: cho.address,
      place: to,
      consent: consentBytes(DEADLINE, cho.by(0).prove(consentDigest(this.domain, consent))),
    };
    const handedOver = { account: this.counter.address, place: to };
    const early = { authority: to, entries: [moving, handedOver] };
    await this.note('moved by consent', await fixture.act('take_accounts', early));
    fixture.chain.at(fixture.chain.now() + HAND_OVER_DELAY_SECONDS_DEFAULT);
    const entries = [moving, handedOver, { account: ben.address, place: to }];
    await this.note('taken as handed over', await fixture.act('take_accounts', { authority: to, entries }));
  }

  /** A wallet moves its tokens itself: a payment to a merchant, a gift to any other account. */
  private async tokens(): Promise<void> {
    const { fixture, stall } = this;
    const dora = wallet('dora');
    await fixture.give([dora], 10_000n, FIRST);
    const transfer = (to: Hex, value: bigint) =>
      vouchersInterface.encodeFunctionData('safeTransferFrom', [dora.address, to, FIRST, value, '0x']);
    const sender = new Wallet(dora.secret);
    await this.note('token to a merchant', await fixture.send(transfer(stall.address, 4_000n), sender));
    await this.note('token to a resident', await fixture.send(transfer(this.cho.address, 6_000n), sender));
  }

  private async end(): Promise<void> {
    const { fixture, ana, cho, stall, bakery } = this;
    fixture.chain.at(CHAIN_START + YEAR + 2 * DAY);
    const over = { authority: '47130', series: SECOND };
    await this.note('expiry started', await fixture.act('start_expiry', over));
    const accounts = [ana.address, cho.address, bakery.address];
    await this.note('expire', await fixture.send(encodeExpire(SECOND, accounts)));
    const taken = await fixture.readStruct('merchantBalance', [SECOND, stall.address]);
    const rest = { amount: BigInt(taken.balance), nonce: 1, series: SECOND };
    await this.note('redeem the rest', await fixture.send(encodeRedeem([fixture.redemption(stall, rest)])));
    await this.note('closed', await fixture.act('close_series', over));
  }
}

/** Values that Jest compares. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? [...value].map(plain) : value;
}
