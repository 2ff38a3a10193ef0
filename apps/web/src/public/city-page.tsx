import { useParams } from 'wouter';
import { ApiProblem } from '../client/client.js';
import type { SeriesSummaryDto } from '../client/generated/index.js';
import { useSeriesList, useSummary } from '../client/queries.js';
import { useRegions } from '../client/regions.js';
import { Primary } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { Bars, Gauge } from '../ui/figures.js';
import { Demonstration, Missing, Unreadable, Waiting } from '../ui/states.js';
import { VoucherCard } from '../ui/vouchers.js';
import { money } from '../words/unit.js';
import { Totals } from './figures-page.js';
import { useVoucherFacts } from './voucher-facts.js';
import styles from '../pages.module.css';

/** P2: one city: its vouchers, what was used there, by kind of shop. */
export function CityPage() {
  const { code = '' } = useParams<{ code: string }>();
  const say = useWords();
  const lang = useLang();
  const named = useRegions()?.shortName(code, lang);
  // The first view is made before an address is known: it names no place, and its link leads to the shops of all.
  const city = named ?? say('city.here');
  const series = useSeriesList({ region: code, limit: 50 });
  const trade = useSummary({ group: 'category', region: code });
  // Its own before those of the province; others name the city in a rule or two.
  const items = (series.data?.body.items ?? [])
    .filter(({ authority }) => code.startsWith(authority))
    .toSorted((one, other) => other.authority.length - one.authority.length);
  const now = series.data?.at ?? 0;
  if (series.error instanceof ApiProblem && series.error.isNowhere) return <Missing home="/" />;
  return (
    <div className={styles['page']}>
      <h1 data-content>{say('city.title', { city })}</h1>
      <Primary href={named === undefined ? '/shops' : `/shops?region=${code}`} icon="shop">
        {say('city.shops', { city })}
      </Primary>
      <section className={styles['part']} aria-labelledby="vouchers">
        <h2 id="vouchers">{say('city.vouchers', { city })}</h2>
        {series.data === undefined && <Waiting read={series} />}
        {items.some(({ demo }) => demo) && <Demonstration />}
        {series.data !== undefined && items.length === 0 && <p>{say('city.vouchersEmpty')}</p>}
        <ul className={styles['cards']}>
          {items.map((one) => (
            <li key={one.id} className={styles['part']}>
              <Voucher series={one} now={now} />
            </li>
          ))}
        </ul>
      </section>
      {/* Below the vouchers, once these have their place: nothing moves. */}
      {(series.data !== undefined || series.failureCount > 0) && <Used city={city} trade={trade} />}
    </div>
  );
}

/** What was used in the city, in all and by kind of shop. */
function Used({ city, trade }: { readonly city: string; readonly trade: ReturnType<typeof useSummary> }) {
  const say = useWords();
  const lang = useLang();
  const isFailing = trade.data === undefined && trade.failureCount > 0;
  return (
    <>
      <section className={styles['part']} aria-labelledby="used">
        <h2 id="used">{say('city.figures', { city })}</h2>
        {isFailing && <Unreadable onRetry={() => void trade.refetch()} />}
        <Totals total={trade.data?.body.total} isFailing={isFailing} />
      </section>
      <section className={styles['part']} aria-labelledby="trade">
        <h2 id="trade">{say('city.trade')}</h2>
        <Bars
          bars={(trade.data?.body.rows ?? [])
            .filter(({ key, figures }) => key !== null && figures.paid.amount !== '0')
            .toSorted((one, other) =>
              Number(BigInt(other.figures.paid.amount) - BigInt(one.figures.paid.amount)),
            )
            .map(({ key, name, figures }) => ({
              key: key ?? '',
              label: name[lang],
              value: Number(figures.paid.amount),
              text: money(BigInt(figures.paid.amount), lang),
              href: figures.paid.href,
            }))}
        />
      </section>
    </>
  );
}

function Voucher({ series, now }: { readonly series: SeriesSummaryDto; readonly now: number }) {
  const say = useWords();
  const facts = useVoucherFacts();
  const { budget, issued } = series.figures;
  const left = BigInt(budget) - BigInt(issued);
  const percent = budget === '0' ? 0 : Number((left * 100n) / BigInt(budget));
  return (
    <>
      <VoucherCard now={now} voucher={facts(series, `/vouchers/${series.id}`)} />
      <Gauge
        label={say('city.budget')}
        part={left}
        whole={BigInt(budget)}
        words={say('city.budgetLeft', { percent })}
      />
    </>
  );
}
