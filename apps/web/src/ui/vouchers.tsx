import type { ReactNode } from 'react';
import type { CheckedRules } from '../client/check-rules.js';
import { ago, date, daysLeft, lastDay } from '../words/formats.js';
import { Badge } from './basics.js';
import { useLang, useWords } from './context.js';
import { Icon } from './icons.js';
import { Amount } from './money.js';
import styles from './vouchers.module.css';

/** Within so many days of its end a voucher's last day is a warning. */
const SOON_DAYS = 30;
/** A shop that was last paid longer ago may have stopped taking vouchers. */
const LONG_AGO_DAYS = 60;

export interface VoucherFacts {
  readonly name: string;
  readonly issuer: string;
  /** Balance of its holder, or what is outstanding in all. */
  readonly amount?: bigint;
  /** Unix seconds, exclusive. */
  readonly until: number;
  readonly pausedUntil?: number;
  readonly where?: string;
  /** "10% 할인". */
  readonly offer?: string;
  readonly href: string;
}

/** One voucher: band in its issuer's colour, name, sum, last day, where it works. */
export function VoucherCard({
  voucher,
  now,
  Heading = 'h3',
}: {
  readonly voucher: VoucherFacts;
  readonly now: number;
  /** One below the heading above it. */
  readonly Heading?: 'h2' | 'h3';
}) {
  const { name, issuer, amount, where, offer, href } = voucher;
  return (
    <article className={styles['voucher']}>
      <div className={styles['band']} />
      <div className={styles['inside']}>
        <Heading className={styles['name']}>
          <a href={href}>
            <span data-content>{name}</span>
          </a>
        </Heading>
        <p className={styles['muted']} data-content>
          {issuer}
        </p>
        {amount !== undefined && (
          <p className={styles['amount']}>
            <Amount amount={amount} />
          </p>
        )}
        <p className={styles['badges']}>
          <LastDay voucher={voucher} now={now} />
          {offer !== undefined && <Badge mood="info">{offer}</Badge>}
        </p>
        {where !== undefined && <p>{where}</p>}
      </div>
    </article>
  );
}

function LastDay({
  voucher: { until, pausedUntil },
  now,
}: {
  readonly voucher: VoucherFacts;
  readonly now: number;
}) {
  const say = useWords();
  const lang = useLang();
  if (until <= now) return <Badge mood="no">{say('voucher.over')}</Badge>;
  if (pausedUntil !== undefined && pausedUntil > now)
    return <Badge mood="warn">{say('voucher.paused', { date: date(pausedUntil, lang, now) })}</Badge>;
  const left = daysLeft(until, now);
  const day = say('voucher.until', { date: lastDay(until, lang, now) });
  if (left > SOON_DAYS) return <Badge mood="plain">{day}</Badge>;
  return (
    <Badge mood="warn">
      {day} · {left === 0 ? say('voucher.lastDay') : say('voucher.left', { days: left })}
    </Badge>
  );
}

/** The rules as they were issued: a quotation, with the result of the check. */
export function RuleQuote({
  sentences,
  state,
  children,
}: {
  readonly sentences: readonly string[];
  /** Whether the sentences are those of the document whose fingerprint is pinned, computed in this browser. */
  readonly state: CheckedRules['state'];
  readonly children?: ReactNode;
}) {
  const say = useWords();
  return (
    <section className={styles['rules']}>
      <h2>{say('rules.title')}</h2>
      <p role="status" className={styles['check']} data-rules={state}>
        {state === 'same' && <Badge mood="ok">{say('rules.same')}</Badge>}
        {state === 'differ' && <Badge mood="no">{say('rules.differ')}</Badge>}
        {state === 'missing' && <Badge mood="warn">{say('rules.missing')}</Badge>}
      </p>
      <blockquote data-content>
        <ol>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
      </blockquote>
      {children}
    </section>
  );
}

export interface ShopFacts {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly place: string;
  readonly isActive: boolean;
  /** Unix seconds. */
  readonly lastPaidAt?: number;
  /** "걸어서 5분". */
  readonly distance?: string;
}

/** A shop in a list; the name leads further where there is somewhere to go. */
export function ShopRow({
  shop,
  now,
  href,
}: {
  readonly shop: ShopFacts;
  readonly now: number;
  readonly href?: string;
}) {
  const say = useWords();
  return (
    <li className={styles['shop']}>
      <div className={styles['shopText']}>
        <p className={styles['name']} data-content>
          {href === undefined ? shop.name : <a href={href}>{shop.name}</a>}
        </p>
        <p className={styles['muted']} data-content>
          {[shop.category, shop.place].filter((text) => text !== '').join(' · ')}
        </p>
      </div>
      <p className={styles['badges']}>
        {shop.distance !== undefined && <span>{shop.distance}</span>}
        {shop.isActive ? (
          <LastPaid at={shop.lastPaidAt} now={now} />
        ) : (
          <Badge mood="no">{say('shops.closed')}</Badge>
        )}
      </p>
    </li>
  );
}

function LastPaid({ at, now }: { readonly at: number | undefined; readonly now: number }) {
  const say = useWords();
  const lang = useLang();
  if (at === undefined) return <span className={styles['muted']}>{say('shop.paidNever')}</span>;
  if (now - at > LONG_AGO_DAYS * 86_400)
    return <span className={styles['muted']}>{say('shop.paidLong')}</span>;
  return (
    <span className={styles['recent']}>
      <Icon name="ok" size={16} />
      {say('shop.paid', { ago: ago(at, lang, now) })}
    </span>
  );
}
