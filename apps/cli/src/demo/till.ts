import type { ItemRefusalKey } from '#domain';
import { toBeHex } from 'ethers';
import type { PlannedPayment, Scenario, Step, Visit } from './day.js';
import { problemCode, type Answer, type Http } from './http.js';
import { demoKey } from './keys.js';
import { inParallel, pause } from './pool.js';
import type { Pen, PaymentAuthorisation, Signed } from './signing.js';

/** What became of one payment; `code` is the refusal, null = settled. */
export interface Receipt {
  readonly payment: PlannedPayment;
  readonly id: string;
  readonly code: string | null;
}

/** A payment that did not end as it had to. */
export interface Surprise {
  readonly scenario: string;
  readonly id: string;
  readonly expected: string;
  readonly got: string;
}

export interface DayResult {
  readonly receipts: readonly Receipt[];
  readonly surprises: readonly Surprise[];
  /** Milliseconds from sending to the answer, ascending. */
  readonly answered: readonly number[];
  /** Milliseconds from sending to final, of a sample, ascending. */
  readonly final: readonly number[];
  /** Seconds in which all payments were sent and decided. */
  readonly seconds: number;
}

export interface TillOptions {
  readonly http: Http;
  readonly pen: Pen;
  readonly seed: string;
  /** Distinguishes the order numbers of one day from another's. */
  readonly day: number;
  /** Residents who pay at the same moment. */
  readonly width: number;
  readonly onProgress: (done: number, all: number) => void;
}

/** One in so many accepted payments is watched until it is final. */
const SAMPLE = 25;
const FINAL_MAX_MS = 60_000;
const POLL_MS = 40;

interface Sent {
  readonly payment: PlannedPayment;
  readonly id: string;
  readonly outcome: string | null;
}

/** Sends the day's payments as wallets do and compares every answer with what had to come. */
export class Till {
  private readonly surprises: Surprise[] = [];
  private readonly receipts: Receipt[] = [];
  private readonly accepted: { readonly scenario: Scenario; readonly sent: Sent }[] = [];
  private readonly answered: number[] = [];
  private readonly final: number[] = [];
  private readonly watches: Promise<void>[] = [];
  private orders = 0;
  private busyMs = 0;

  constructor(private readonly options: TillOptions) {}

  /** Sends the payments of these visits; different residents pay at the same time. */
  async serve(visits: readonly Visit[]): Promise<void> {
    const started = performance.now();
    let done = 0;
    await inParallel(visits, this.options.width, async ({ errands }) => {
      for (const { scenario, steps } of errands) {
        for (const step of steps) await this.take(scenario, step);
      }
      this.options.onProgress(++done, visits.length);
    });
    this.busyMs += performance.now() - started;
  }

  /** Waits until everything that was accepted is final. */
  async close(): Promise<DayResult> {
    const started = performance.now();
    await Promise.all(this.watches);
    await this.settle();
    this.busyMs += performance.now() - started;
    const ascending = (one: number, other: number): number => one - other;
    return {
      receipts: this.receipts,
      surprises: this.surprises,
      answered: this.answered.toSorted(ascending),
      final: this.final.toSorted(ascending),
      seconds: this.busyMs / 1000,
    };
  }

  private async take(scenario: Scenario, step: Step): Promise<void> {
    switch (step.kind) {
      case 'pay': {
        this.check(scenario, await this.send(this.sign(step.payment)), step.refused);
        return;
      }
      case 'twice': {
        const signed = this.sign(step.payment);
        const [one, other] = await Promise.all([this.send(signed), this.send(signed)]);
        this.check(scenario, one, null);
        if (other.id !== one.id || other.outcome !== one.outcome)
          this.surprise(scenario, other, 'the same answer');
        return;
      }
      case 'race': {
        const signed = step.payments.map((payment) => this.sign(payment));
        const sent = await Promise.all(signed.map((one) => this.send(one)));
        const loser = sent.find(({ outcome }) => outcome !== null);
        for (const one of sent) this.check(scenario, one, one === loser ? step.refused : null);
        if (loser === undefined) this.surprises.push(both(scenario, sent, step.refused));
      }
    }
  }

  private sign(payment: PlannedPayment): { payment: PlannedPayment; signed: Signed<PaymentAuthorisation> } {
    const { http, seed, pen, day } = this.options;
    const { payer, merchant, series, amount, nonce, deadlineIn, forged } = payment;
    const key = demoKey(seed, forged === true ? 'unregistered' : 'resident', payer.city, payer.index);
    const order = toBeHex((BigInt(day) << 64n) | BigInt(++this.orders), 32);
    const deadline = http.now() + deadlineIn;
    const authorisation = {
      payer: payer.address,
      merchant,
      series: [series],
      amount: String(amount),
      nonce,
      deadline,
      order,
    };
    return { payment, signed: pen.payment(key, authorisation) };
  }

  private async send({ payment, signed }: ReturnType<Till['sign']>): Promise<Sent> {
    const started = performance.now();
    const answer = await this.options.http.send('POST', '/v1/payments', signed.body);
    this.answered.push(performance.now() - started);
    const outcome = outcomeOf(answer);
    if (outcome === null && this.answered.length % SAMPLE === 0)
      this.watches.push(this.watch(signed.id, started));
    return { payment, id: signed.id, outcome };
  }

  private check(scenario: Scenario, sent: Sent, refused: ItemRefusalKey | null): void {
    if (sent.outcome !== refused) this.surprise(scenario, sent, refused ?? 'accepted');
    if (sent.outcome === null) this.accepted.push({ scenario, sent });
    else this.receipts.push({ payment: sent.payment, id: sent.id, code: sent.outcome });
  }

  private surprise(scenario: string, { id, outcome }: Sent, expected: string): void {
    this.surprises.push({ scenario, id, expected, got: outcome ?? 'accepted' });
  }

  /** How long one payment takes until its shop sees the outcome. */
  private async watch(id: string, started: number): Promise<void> {
    while (performance.now() - started < FINAL_MAX_MS) {
      const now = await this.options.http.get(`/v1/payments/${id}`);
      if (now.at('state').text() !== 'accepted') {
        this.final.push(performance.now() - started);
        return;
      }
      await pause(POLL_MS);
    }
  }

  /** Everything that was promised must become final, with the amount that was signed. */
  private async settle(): Promise<void> {
    const { http, width } = this.options;
    await inParallel(this.accepted, width, async ({ scenario, sent }) => {
      const until = Date.now() + FINAL_MAX_MS;
      let now = await http.get(`/v1/payments/${sent.id}`);
      while (now.at('state').text() === 'accepted' && Date.now() < until) {
        await pause(POLL_MS * 5);
        now = await http.get(`/v1/payments/${sent.id}`);
      }
      const state = now.at('state').text();
      const right = state === 'final' && now.at('amount').won() === sent.payment.amount;
      const code = state === 'final' ? null : now.at('code').present ? now.at('code').text() : state;
      if (!right)
        this.surprises.push({ scenario, id: sent.id, expected: 'final', got: code ?? 'another amount' });
      this.receipts.push({ payment: sent.payment, id: sent.id, code });
    });
  }
}

function both(scenario: string, sent: readonly Sent[], refused: string): Surprise {
  return { scenario, id: sent[0]?.id ?? '', expected: `one ${refused}`, got: 'both accepted' };
}

/** null = accepted or final; else the code of the refusal, or of the problem. */
export function outcomeOf({ status, body }: Answer): string | null {
  if (status >= 300) return problemCode(body) || `http_${status}`;
  if (body.at('state').text() !== 'refused') return null;
  return body.at('code').text();
}

/** The value that so many per cent of an ascending list do not exceed; NaN for an empty one. */
export function percentile(ascending: readonly number[], percent: number): number {
  return (
    ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? Number.NaN
  );
}
