import { useInfiniteQuery } from '@tanstack/react-query';
import { getChoseong } from 'es-hangul';
import { type FormEvent, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { CATEGORIES, isRegionCode, parseInstant } from '#domain';
import type { MerchantDto, MerchantPageDto } from '../client/generated/index.js';
import { useClient } from '../client/queries.js';
import { useRegions } from '../client/regions.js';
import { Plain, Primary } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { Demonstration, Waiting } from '../ui/states.js';
import { ShopRow } from '../ui/vouchers.js';
import styles from '../pages.module.css';

const PAGE = 50;
const INITIALS = /^[ㄱ-ㅎ\s]+$/;

/** P6, and W6 in the wallet: shops by place, kind and name, with the day of their last payment. */
export function ShopsPage({ detail = '/wallet/shops' }: { readonly detail?: string }) {
  const say = useWords();
  const [search, setSearch] = useSearchParams();
  const filter = {
    region: search.get('region') ?? '',
    category: search.get('category') ?? '',
    text: search.get('text') ?? '',
  };
  const shops = useShops(filter);
  const found = useMemo(
    () =>
      (shops.data?.pages ?? [])
        .flatMap(({ body }) => body.items)
        .filter(({ name }) => sounds(name, filter.text)),
    [shops.data, filter.text],
  );
  const now = shops.data?.pages[0]?.at ?? 0;
  const submit = (next: typeof filter): void =>
    setSearch(Object.entries(next).filter(([, value]) => value !== ''));
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('shops.title')}</h1>
        <p className={styles['lead']}>{say('shops.lead')}</p>
      </header>
      <Filters key={JSON.stringify(filter)} filter={filter} onSubmit={submit} />
      <section className={styles['part']} aria-live="polite" aria-busy={shops.isFetching}>
        {shops.data === undefined && <Waiting read={shops} lines={5} />}
        {found.some(({ demo }) => demo) && <Demonstration />}
        {shops.data !== undefined && found.length === 0 && <p>{say('shops.empty')}</p>}
        <ul className={styles['list']}>
          {found.map((shop) => (
            <Shop key={shop.id} shop={shop} now={now} href={`${detail}/${shop.id}`} />
          ))}
        </ul>
        {shops.hasNextPage && <Plain onClick={() => void shops.fetchNextPage()}>{say('shops.more')}</Plain>}
      </section>
    </div>
  );
}

interface Filter {
  readonly region: string;
  readonly category: string;
  readonly text: string;
}

function useShops({ region, category, text }: Filter) {
  const lang = useLang();
  const client = useClient();
  const query = {
    region: isRegionCode(region) ? region : undefined,
    category,
    text: INITIALS.test(text) ? undefined : text,
    limit: PAGE,
  };
  return useInfiniteQuery({
    queryKey: [lang, 'shops', query],
    queryFn: ({ pageParam, signal }) =>
      client.get<MerchantPageDto>('/v1/merchants', { ...query, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ body }) => body.next ?? undefined,
  });
}

/** Whether a name has these first sounds one after the other; any other text was looked for by the server. */
function sounds(name: string | null, text: string): boolean {
  if (!INITIALS.test(text)) return true;
  return getChoseong(name ?? '')
    .replace(/\s/g, '')
    .includes(text.replace(/\s/g, ''));
}

function Filters({
  filter,
  onSubmit,
}: {
  readonly filter: Filter;
  readonly onSubmit: (filter: Filter) => void;
}) {
  const say = useWords();
  const lang = useLang();
  const regions = useRegions();
  const [draft, setDraft] = useState(filter);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit(draft);
  };
  const provinces = regions?.children('') ?? [];
  return (
    <form className={styles['form']} onSubmit={submit} role="search">
      <label className={styles['field']}>
        <span>{say('shops.region')}</span>
        <select value={draft.region} onChange={({ target }) => setDraft({ ...draft, region: target.value })}>
          <option value="">{say('shops.everywhere')}</option>
          {provinces.map((province) => (
            <optgroup key={province.code} label={regions?.shortName(province.code, lang)}>
              {[province, ...(regions?.children(province.code) ?? [])].map(({ code }) => (
                <option key={code} value={code} data-content>
                  {regions?.shortName(code, lang)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label className={styles['field']}>
        <span>{say('shops.category')}</span>
        <select
          value={draft.category}
          onChange={({ target }) => setDraft({ ...draft, category: target.value })}
        >
          <option value="">{say('shops.everything')}</option>
          {CATEGORIES.filter(({ allowed }) => allowed).map((category) => (
            <option key={category.key} value={category.key}>
              {category[lang]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles['field']}>
        <span>{say('shops.name')}</span>
        <input
          type="search"
          value={draft.text}
          onChange={({ target }) => setDraft({ ...draft, text: target.value })}
          aria-describedby="name-hint"
          enterKeyHint="search"
        />
      </label>
      <div className={styles['field']}>
        <button type="submit" className="hidden" tabIndex={-1} aria-hidden="true" />
        <Primary icon="search" onClick={() => onSubmit(draft)}>
          {say('shops.find')}
        </Primary>
      </div>
      <p id="name-hint" className={styles['hint']}>
        {say('shops.nameHint')}. {say('shops.initials')}
      </p>
    </form>
  );
}

function Shop({
  shop,
  now,
  href,
}: {
  readonly shop: MerchantDto;
  readonly now: number;
  readonly href: string;
}) {
  const lang = useLang();
  return (
    <ShopRow
      now={now}
      href={href}
      shop={{
        id: shop.id,
        name: shop.name ?? shop.id.slice(-6),
        category: shop.category[lang],
        place: shop.address ?? shop.regionName,
        isActive: shop.status === 'active',
        lastPaidAt: shop.lastPaidAt === null ? undefined : parseInstant(shop.lastPaidAt),
      }}
    />
  );
}
