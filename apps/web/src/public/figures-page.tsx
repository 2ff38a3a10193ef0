import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { FiguresDto, ReportRowDto } from '../client/generated/index.js';
import { useSeriesList, useSummary } from '../client/queries.js';
import { shortPlace } from '../client/regions.js';
import { useLang, useWords } from '../ui/context.js';
import { Primary } from '../ui/basics.js';
import { Bars, Figure, Figures, MapAndTable, stepOf } from '../ui/figures.js';
import { Demonstration, Loading, Unreadable } from '../ui/states.js';
import { DataTable } from '../ui/tables.js';
import { dateTime } from '../words/formats.js';
import { type PlainKey, plainKo } from '../words/plain.ko.js';
import { money, plain, unit } from '../words/unit.js';
import styles from '../pages.module.css';

/** P1: what was issued, paid, paid out; by city; why payments were not made. */
export function FiguresPage() {
  const say = useWords();
  const lang = useLang();
  const { total, rows, province, at, isInside, isFailing, retry } = useCountry();
  const series = useSeriesList({ limit: 100 });
  const isDemo = series.data?.body.items.some(({ demo }) => demo) ?? false;
  return (
    <div className={styles['page']}>
      {isDemo && <Demonstration />}
      <header className={styles['part']}>
        <h1>{say('figures.title')}</h1>
        <p className={styles['lead']}>{say('figures.lead')}</p>
        {isFailing && <Unreadable onRetry={retry} />}
      </header>
      <Totals total={total} />
      {at !== undefined && (
        <p className={styles['small']}>{say('figures.updated', { time: dateTime(at, lang, at) })}</p>
      )}
      <Cities rows={rows} province={province} isLoading={(total === undefined || !isInside) && !isFailing} />
      <Refused total={total} />
    </div>
  );
}

/** The country by province; where all is in one province, that province by city. */
function useCountry() {
  const country = useSummary({ group: 'region' });
  const provinces = country.data?.body.rows.filter(({ key }) => key !== null) ?? [];
  const [only] = provinces;
  const province = provinces.length === 1 ? (only?.key ?? undefined) : undefined;
  const inside = useSummary({ group: 'region', region: province ?? '' }, province !== undefined);
  return {
    total: country.data?.body.total,
    rows: province === undefined ? provinces : withOwnName(inside.data?.body.rows ?? [], only),
    isInside: province === undefined || inside.data !== undefined,
    province,
    at: country.data?.at,
    isFailing: country.failureCount > 0 && country.data === undefined,
    retry: () => void country.refetch(),
  };
}

/** The row without a place is what the province itself issued. */
function withOwnName(rows: readonly ReportRowDto[], own: ReportRowDto | undefined): readonly ReportRowDto[] {
  return rows.map((row) =>
    row.key === null && own !== undefined ? { ...row, key: own.key, name: own.name } : row,
  );
}

const SHOWN = [
  'issued',
  'outstanding',
  'paid',
  'redeemed',
  'refunded',
  'voided',
  'given',
  'expired',
] as const;

/** Totals as figures that open to their rows. */
export function Totals({ total }: { readonly total: FiguresDto | undefined }) {
  const say = useWords();
  const lang = useLang();
  return (
    <Figures busy={total === undefined}>
      {SHOWN.map((name) => {
        const figure = total?.[name];
        const hint =
          name === 'paid'
            ? say('figures.paidHint', { count: figure?.count ?? 0 })
            : say(`figures.${name}Hint`);
        return (
          <Figure
            key={name}
            label={say(`figures.${name}`)}
            value={figure === undefined ? '–' : money(BigInt(figure.amount), lang)}
            hint={hint}
            href={figure?.href}
          />
        );
      })}
      <Figure
        label={say('figures.refused')}
        value={
          total === undefined ? '–' : say('figures.count', { count: plain(BigInt(total.refused.count ?? 0)) })
        }
        hint={say('figures.refusedHint')}
        href={total?.refused.href}
      />
    </Figures>
  );
}

function Cities({
  rows,
  province,
  isLoading,
}: {
  readonly rows: readonly ReportRowDto[];
  readonly province: string | undefined;
  readonly isLoading: boolean;
}) {
  const say = useWords();
  const lang = useLang();
  const cities = rows.filter(({ key }) => key !== null && key !== province);
  const areas = useAreas(cities, province);
  return (
    <section className={styles['part']} aria-labelledby="cities">
      <h2 id="cities">{say('figures.cities')}</h2>
      <p className={styles['small']}>
        {say('figures.citiesNote', { unit: unit()[lang === 'ko' ? 'ko' : 'code'] })}
      </p>
      {isLoading ? (
        <Loading />
      ) : (
        <>
          <CityChoice cities={cities} />
          <MapAndTable
            label={say('figures.map', { measure: say('figures.paid') })}
            areas={areas}
            table={<CityTable rows={rows} />}
          />
        </>
      )}
    </section>
  );
}

/** The page's primary: the reader's own city. */
function CityChoice({ cities }: { readonly cities: readonly ReportRowDto[] }) {
  const say = useWords();
  const lang = useLang();
  const [code, setCode] = useState('');
  const [, go] = useLocation();
  const chosen = code || (cities[0]?.key ?? '');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        go(`/cities/${chosen}`);
      }}
    >
      <label className={styles['field']}>
        <span>{say('figures.chooseCity')}</span>
        <select value={chosen} onChange={({ target }) => setCode(target.value)}>
          {cities.map(({ key, name }) => (
            <option key={key} value={key ?? ''} data-content>
              {shortPlace(name[lang], lang)}
            </option>
          ))}
        </select>
      </label>
      <Primary onClick={() => go(`/cities/${chosen}`)}>{say('figures.seeCity')}</Primary>
    </form>
  );
}

function CityTable({ rows }: { readonly rows: readonly ReportRowDto[] }) {
  const say = useWords();
  const lang = useLang();
  const number = (digits: string | number | null) => plain(BigInt(digits ?? 0));
  const linked = (href: string, text: string) => (
    <a href={href} data-figure>
      {text}
    </a>
  );
  return (
    <DataTable
      label={say('figures.city')}
      empty={say('figures.empty')}
      rows={rows}
      rowKey={({ key }) => key ?? 'none'}
      columns={[
        {
          key: 'city',
          head: say('figures.city'),
          cell: ({ key, name }) => (
            <a href={`/cities/${key}`} data-content>
              {shortPlace(name[lang], lang)}
            </a>
          ),
        },
        ...(['issued', 'outstanding', 'paid'] as const).map((name) => ({
          key: name,
          head: say(`figures.${name}`),
          isNumber: true,
          cell: ({ figures }: ReportRowDto) => linked(figures[name].href, number(figures[name].amount)),
        })),
        {
          key: 'count',
          head: say('figures.payments'),
          isNumber: true,
          cell: ({ figures }) => number(figures.paid.count),
        },
        {
          key: 'redeemed',
          head: say('figures.redeemed'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.redeemed.href, number(figures.redeemed.amount)),
        },
        {
          key: 'refused',
          head: say('figures.refused'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.refused.href, number(figures.refused.count)),
        },
        {
          key: 'shops',
          head: say('figures.shops'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.merchantsActive.href, number(figures.merchantsActive.count)),
        },
      ]}
    />
  );
}

/** The areas of a province's map with what was paid in their city. */
function useAreas(cities: readonly ReportRowDto[], province: string | undefined) {
  const lang = useLang();
  const [shapes, setShapes] = useState<readonly { readonly code: string; readonly d: string }[]>([]);
  useEffect(() => {
    if (province === undefined) return undefined;
    const stop = new AbortController();
    fetch(`/assets/maps/${province}.json`, { signal: stop.signal })
      .then((answer) => answer.json())
      .then(({ areas }: { areas: typeof shapes }) => setShapes(areas))
      // Without a map the table says the same.
      .catch(() => undefined);
    return () => stop.abort();
  }, [province]);
  const largest = cities.reduce(
    (most, { figures }) => (BigInt(figures.paid.amount) > most ? BigInt(figures.paid.amount) : most),
    0n,
  );
  return shapes.map(({ code, d }) => {
    const city = cities.find(({ key }) => key !== null && (code.startsWith(key) || key.startsWith(code)));
    const paid = BigInt(city?.figures.paid.amount ?? 0);
    const name = city === undefined ? code : shortPlace(city.name[lang], lang);
    return { code, d, name, step: stepOf(paid, largest), text: `${name} ${money(paid, lang)}` };
  });
}

/** Why payments were not made, the most frequent first. */
function Refused({ total }: { readonly total: FiguresDto | undefined }) {
  const say = useWords();
  const byCode = (total?.refused.byCode ?? []).toSorted((one, other) => other.count - one.count);
  return (
    <section className={styles['part']} aria-labelledby="refused">
      <h2 id="refused">{say('figures.refusedTitle')}</h2>
      {total !== undefined && byCode.length === 0 && <p>{say('figures.refusedEmpty')}</p>}
      <Bars
        bars={byCode.map(({ code, count, href }) => ({
          key: code,
          label: say(reasonKey(code)),
          value: count,
          text: say('figures.count', { count: plain(BigInt(count)) }),
          href,
        }))}
      />
    </section>
  );
}

type ReasonKey = Extract<PlainKey, `reason.${string}`>;

function reasonKey(code: string): ReasonKey {
  const key = `reason.${code}`;
  return key in plainKo ? (key as ReasonKey) : 'reason.other';
}
