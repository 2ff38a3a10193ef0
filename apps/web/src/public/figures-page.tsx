import { useState } from 'react';
import { useLocation } from 'wouter';
import type { FiguresDto, ReportRowDto } from '../client/generated/index.js';
import { useMap } from '../client/maps.js';
import { useSeriesList, useSummary } from '../client/queries.js';
import { shortPlace } from '../client/regions.js';
import { useLang, useWords } from '../ui/context.js';
import { Primary } from '../ui/basics.js';
import { Bars, Figure, Figures, type MapArea, MapAndTable, stepOf } from '../ui/figures.js';
import { Demonstration, Unreadable, Waiting } from '../ui/states.js';
import { DataTable } from '../ui/tables.js';
import { dateTime } from '../words/formats.js';
import { type PlainKey, plainKo } from '../words/plain.ko.js';
import { grouped, money, plain, unit } from '../words/unit.js';
import styles from '../pages.module.css';

/** P1: what was issued, paid, paid out; by city; why payments were not made. */
export function FiguresPage() {
  const say = useWords();
  const lang = useLang();
  const { country, cities } = useCountry();
  const series = useSeriesList({ limit: 100 });
  const isDemo = series.data?.body.items.some(({ demo }) => demo) ?? false;
  const total = country.data?.body.total;
  const isFailing = country.data === undefined && country.failureCount > 0;
  return (
    <div className={styles['page']}>
      {isDemo && <Demonstration atEdge />}
      <header className={styles['part']}>
        <h1>{say('figures.title')}</h1>
        <p className={styles['lead']}>{say('figures.lead')}</p>
        {isFailing && <Unreadable onRetry={() => void country.refetch()} />}
      </header>
      <Totals total={total} isFailing={isFailing} />
      {/* A line high also before it says anything. */}
      <p className={styles['small']}>
        {country.data === undefined
          ? '\u00a0'
          : say('figures.updated', { time: dateTime(country.data.at, lang, country.data.at) })}
      </p>
      {!isFailing && <Cities cities={cities} />}
      <Refused total={total} />
    </div>
  );
}

interface CityFigures {
  /** The province that holds all of them; undefined = the rows are provinces. */
  readonly province: string | undefined;
  readonly rows: readonly ReportRowDto[] | undefined;
  /** Where the rows come from. */
  readonly read: ReturnType<typeof useSummary>;
}

/** The country by province; where all is in one province, that province by city. */
function useCountry(): { readonly country: ReturnType<typeof useSummary>; readonly cities: CityFigures } {
  const country = useSummary({ group: 'region' });
  const provinces = country.data?.body.rows.filter(({ key }) => key !== null);
  const only = provinces?.length === 1 ? provinces[0] : undefined;
  const province = only?.key ?? undefined;
  const inside = useSummary({ group: 'region', region: province ?? '' }, province !== undefined);
  const cities =
    province === undefined
      ? { province, rows: provinces, read: country }
      : { province, rows: inside.data && withOwnName(inside.data.body.rows, only), read: inside };
  return { country, cities };
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
export function Totals({
  total,
  isFailing,
}: {
  readonly total: FiguresDto | undefined;
  /** They are not being read at the moment: the page says so. */
  readonly isFailing: boolean;
}) {
  const say = useWords();
  const lang = useLang();
  return (
    <Figures busy={total === undefined && !isFailing}>
      {SHOWN.map((name) => {
        const figure = total?.[name];
        const hint =
          name === 'paid'
            ? say('figures.paidHint', { count: figure === undefined ? '–' : grouped(figure.count ?? 0) })
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
        value={total === undefined ? '–' : say('figures.count', { count: grouped(total.refused.count ?? 0) })}
        hint={say('figures.refusedHint')}
        href={total?.refused.href}
      />
    </Figures>
  );
}

function Cities({ cities: { rows, province, read } }: { readonly cities: CityFigures }) {
  const say = useWords();
  const lang = useLang();
  const cities = rows?.filter(({ key }) => key !== null && key !== province) ?? [];
  const areas = useAreas(cities, province);
  return (
    <section className={styles['part']} aria-labelledby="cities">
      <h2 id="cities">{say('figures.cities')}</h2>
      <p className={styles['small']}>
        {say('figures.citiesNote', { unit: unit()[lang === 'ko' ? 'ko' : 'code'] })}
      </p>
      {rows === undefined ? (
        <Waiting read={read} title={say('figures.citiesUnreadable')} />
      ) : (
        <>
          {cities.length > 0 && <CityChoice cities={cities} />}
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
          cell: ({ figures }: ReportRowDto) =>
            linked(figures[name].href, plain(BigInt(figures[name].amount))),
        })),
        {
          key: 'count',
          head: say('figures.payments'),
          isNumber: true,
          cell: ({ figures }) => grouped(figures.paid.count ?? 0),
        },
        {
          key: 'redeemed',
          head: say('figures.redeemed'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.redeemed.href, plain(BigInt(figures.redeemed.amount))),
        },
        {
          key: 'refused',
          head: say('figures.refused'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.refused.href, grouped(figures.refused.count ?? 0)),
        },
        {
          key: 'shops',
          head: say('figures.shops'),
          isNumber: true,
          cell: ({ figures }) => linked(figures.merchantsActive.href, grouped(figures.merchantsActive.count)),
        },
      ]}
    />
  );
}

/** The areas of a province's map with what was paid in their city; undefined where there is no map. */
function useAreas(cities: readonly ReportRowDto[], province: string | undefined): MapArea[] | undefined {
  const lang = useLang();
  const shapes = useMap(province);
  const largest = cities.reduce(
    (most, { figures }) => (BigInt(figures.paid.amount) > most ? BigInt(figures.paid.amount) : most),
    0n,
  );
  return shapes?.map(({ code, d }) => {
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
          text: say('figures.count', { count: grouped(count) }),
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
