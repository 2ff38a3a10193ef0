import { formatWon, refusal, isRefusalKey, unitInUse } from '#domain';
import type { DemoPlan } from './plan.js';
import { NOTHING, type AreaFigures, type DayTally, type Figures } from './report.js';
import { textTable } from './table.js';
import { percentile, type DayResult } from './till.js';

const HEAD = ['시군', '발행', '결제', '건수', '환전', '유통 중', '거절', '거절 이유'];
/** Reasons named in a row; the rest is counted together. */
const REASONS_SHOWN = 3;

const digits = (won: bigint): string => formatWon(won).replace(unitInUse().ko, '');

function reasonsOf(refused: ReadonlyMap<string, number>, shown: number): string {
  const most = [...refused].toSorted(([, one], [, other]) => other - one);
  const named = most.slice(0, shown).map(([code, count]) => `${code} ${count}`);
  const rest = most.slice(shown).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(rest > 0 ? [`… ${rest}`] : [])].join(', ');
}

function countOf(refused: ReadonlyMap<string, number>): string {
  return String([...refused.values()].reduce((sum, count) => sum + count, 0));
}

function row(name: string, area: AreaFigures, refused: ReadonlyMap<string, number>): string[] {
  return [
    name,
    digits(area.issued),
    digits(area.paid),
    String(area.payments),
    digits(area.redeemed),
    digits(area.outstanding),
    countOf(refused),
    reasonsOf(refused, REASONS_SHOWN),
  ];
}

/** The demo's end: one line for each city, as the platform reports it; refusals as the client saw them today. */
export function figuresTable(plan: DemoPlan, figures: Figures, tally: DayTally): string {
  const none: ReadonlyMap<string, number> = new Map();
  const rows = [plan.province, ...plan.cities].map(({ code, name }) => {
    return row(name, figures.areas.get(code) ?? NOTHING, tally.get(code)?.refused ?? none);
  });
  const all = new Map<string, number>();
  for (const { refused } of tally.values()) {
    for (const [code, count] of refused) all.set(code, (all.get(code) ?? 0) + count);
  }
  const nowhere = tally.get('')?.refused ?? none;
  if (nowhere.size > 0)
    rows.push(['(가맹점 아님)', '', '', '', '', '', countOf(nowhere), reasonsOf(nowhere, REASONS_SHOWN)]);
  rows.push(row('모두', figures.total, all).with(-1, ''));
  return [
    textTable(HEAD, rows, [0, HEAD.length - 1]),
    '',
    '발행·유통 중: 그 지자체의 상품권. 결제·환전: 그 지역 가맹점. 금액은 원. 거절은 이번 하루.',
    '',
    textTable(
      ['오늘 거절된 결제', '건수', ''],
      [...all]
        .toSorted(([, one], [, other]) => other - one)
        .map(([code, count]) => [code, String(count), titleOf(code)]),
      [0, 2],
    ),
  ].join('\n');
}

function titleOf(code: string): string {
  return isRefusalKey(code) ? refusal(code).ko.title : '';
}

/** How fast it was, in one line. */
export function timesOf({ receipts, answered, final, seconds }: DayResult): string {
  const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${Math.round(value)} ms`);
  const settled = receipts.filter(({ code }) => code === null).length;
  return (
    `${receipts.length} payments in ${seconds.toFixed(1)} s (${Math.round(receipts.length / seconds)}/s): ` +
    `${settled} settled, ${receipts.length - settled} refused; ` +
    `answered p50 ${ms(percentile(answered, 50))}, p99 ${ms(percentile(answered, 99))}; ` +
    `final p50 ${ms(percentile(final, 50))}, p99 ${ms(percentile(final, 99))}`
  );
}
