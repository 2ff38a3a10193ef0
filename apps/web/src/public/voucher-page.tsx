import { useMemo } from 'react';
import { useParams } from 'wouter';
import { BASIS_POINTS, parseInstant } from '#domain';
import type { CheckedRules } from '../client/check-rules.js';
import { ApiProblem } from '../client/client.js';
import type { SeriesDetailDto } from '../client/generated/index.js';
import { useModule } from '../client/modules.js';
import { useSeries } from '../client/queries.js';
import { useRegions } from '../client/regions.js';
import { Card, Notice, Plain, Primary } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { MoneyLines } from '../ui/money.js';
import { Demonstration, Loading, Missing, Waiting } from '../ui/states.js';
import { RuleQuote, VoucherCard } from '../ui/vouchers.js';
import { useVoucherFacts } from './voucher-facts.js';
import styles from '../pages.module.css';

/** P5: the rules of a voucher in words, checked here; what of it was used. W5 without a wallet is the same. */
export function VoucherPage({ shops = '/shops' }: { readonly shops?: string }) {
  const { series: id } = useParams<{ series: string }>();
  const say = useWords();
  const read = useSeries(id);
  const rules = useRules(read.data?.body);
  if (read.error instanceof ApiProblem && read.error.isNowhere) return <Missing home="/" />;
  return (
    <div className={styles['page']}>
      <h1>{say('series.title')}</h1>
      {read.data === undefined ? (
        <Waiting read={read} lines={5} />
      ) : (
        <Voucher series={read.data.body} now={read.data.at} rules={rules} shops={shops} />
      )}
    </div>
  );
}

function Voucher({
  series,
  now,
  rules,
  shops,
}: {
  readonly series: SeriesDetailDto;
  readonly now: number;
  readonly rules: CheckedRules | undefined;
  readonly shops: string;
}) {
  const say = useWords();
  const facts = useVoucherFacts();
  return (
    <>
      {series.demo && <Demonstration />}
      <VoucherCard
        Heading="h2"
        now={now}
        voucher={{ ...facts(series, '#rules'), ...discountOf(series, say) }}
      />
      {rules === undefined ? <Loading lines={6} /> : <Checked series={series} rules={rules} shops={shops} />}
    </>
  );
}

/** What is shown once the rules are checked: where it works, the rules, what of it was used. */
function Checked({
  series,
  rules,
  shops,
}: {
  readonly series: SeriesDetailDto;
  readonly rules: CheckedRules;
  readonly shops: string;
}) {
  const say = useWords();
  return (
    <>
      {rules.state === 'differ' ? (
        <Notice mood="no" title={say('rules.differ')} live />
      ) : (
        <section className={styles['part']} aria-labelledby="where">
          <h2 id="where">{say('series.where')}</h2>
          {rules.where !== '' && <p data-content>{rules.where}</p>}
          <Primary href={`${shops}?region=${series.rules[0]?.area ?? ''}`} icon="shop">
            {say('series.shops')}
          </Primary>
        </section>
      )}
      <div id="rules">
        <RuleQuote sentences={rules.sentences} state={rules.state}>
          {series.termsText !== null && (
            <Plain onClick={() => download(`voucher-${series.id}.json`, series.termsText ?? '')}>
              {say('series.document')}
            </Plain>
          )}
        </RuleQuote>
      </div>
      <section className={styles['part']} aria-labelledby="used">
        <h2 id="used">{say('series.howMuch')}</h2>
        <Card>
          <Arithmetic series={series} />
        </Card>
      </section>
    </>
  );
}

/** What the buyer saves, of a voucher that is sold for less than it pays. */
function discountOf(
  { kind, funding }: SeriesDetailDto,
  say: ReturnType<typeof useWords>,
): { offer?: string } {
  const percent = (BASIS_POINTS - funding.resident) / 100;
  return kind === 'sold' && percent > 0 ? { offer: say('voucher.discount', { percent }) } : {};
}

/** Issued, less what left: what is outstanding. Lines that are nothing are left out. */
function Arithmetic({ series: { figures } }: { readonly series: SeriesDetailDto }) {
  const say = useWords();
  const lines = [
    { label: say('series.issued'), amount: BigInt(figures.issued) },
    { label: say('series.back'), amount: -BigInt(figures.redeemed) },
    { label: say('series.returned'), amount: BigInt(figures.returned) },
    { label: say('series.refunded'), amount: -BigInt(figures.refunded) },
    { label: say('series.expired'), amount: -BigInt(figures.expired) },
  ];
  return (
    <MoneyLines
      lines={lines.filter(({ amount }, index) => index === 0 || amount !== 0n)}
      total={{ label: say('series.outstanding'), amount: BigInt(figures.outstanding) }}
    />
  );
}

/** The check of the rules: 40 kB of code, fetched where rules are shown. */
function useRules(series: SeriesDetailDto | undefined): CheckedRules | undefined {
  const lang = useLang();
  const regions = useRegions();
  const check = useModule('check-rules', () => import('../client/check-rules.js'));
  const document = series?.termsText;
  const pinned = series?.termsHash;
  const end = series?.validUntil;
  return useMemo(
    () =>
      document === undefined || pinned === undefined || end === undefined || regions === undefined
        ? undefined
        : check?.checkRules(document, { pinned, validUntil: parseInstant(end) }, lang, regions),
    [check, document, pinned, end, lang, regions],
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
