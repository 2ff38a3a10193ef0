import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type {
  AuthorityDetailDto,
  ChainDto,
  MerchantDetailDto,
  MerchantPageDto,
  SeriesDetailDto,
  SeriesPageDto,
  SummaryDto,
} from './generated/index.js';
import { useLang } from '../ui/context.js';
import { ApiClient, ApiProblem, type Query, type Stamped } from './client.js';

/** Figures change with every block; a report may take longer than this, then it is asked less often. */
const FRESH_MS = 5_000;
const RETRIES_S = [2, 4, 8, 16, 30];

/** What becomes of a read that failed: again after 2, 4, 8 … 30 s while it may pass by itself. */
export const READ_DEFAULTS = {
  retry: (_count: number, error: Error) => error instanceof ApiProblem && error.isPassing,
  retryDelay: (count: number) => (RETRIES_S[count] ?? 30) * 1_000,
  staleTime: FRESH_MS,
  refetchOnWindowFocus: true,
} as const;

/** Reads in the language of the page. */
export function useClient(): ApiClient {
  const lang = useLang();
  return useMemo(() => new ApiClient(lang), [lang]);
}

function useRead<Body>(path: string | undefined, query: Query = {}, everyMs?: number) {
  const lang = useLang();
  const client = useClient();
  return useQuery(
    queryOptions({
      queryKey: [lang, path, query],
      queryFn: ({ signal }): Promise<Stamped<Body>> => client.get<Body>(path ?? '', query, signal),
      enabled: path !== undefined,
      refetchInterval: everyMs ?? false,
    }),
  );
}

/** Figures by region, category, authority or day. */
export function useSummary(
  query: { readonly group: SummaryDto['group']; readonly region?: string; readonly category?: string },
  enabled = true,
) {
  return useRead<SummaryDto>(enabled ? '/v1/reports/summary' : undefined, query, FRESH_MS);
}

export function useSeriesList(query: { readonly region?: string; readonly limit?: number }) {
  return useRead<SeriesPageDto>('/v1/series', query);
}

export function useSeries(id: string | undefined) {
  return useRead<SeriesDetailDto>(id === undefined ? undefined : `/v1/series/${encodeURIComponent(id)}`);
}

export function useMerchants(
  query: {
    readonly region?: string;
    readonly category?: string;
    readonly text?: string;
    readonly cursor?: string;
    readonly limit?: number;
    readonly status?: string;
  },
  enabled = true,
) {
  return useRead<MerchantPageDto>(enabled ? '/v1/merchants' : undefined, query);
}

export function useMerchant(id: string | undefined) {
  return useRead<MerchantDetailDto>(id === undefined ? undefined : `/v1/merchants/${encodeURIComponent(id)}`);
}

export function useAuthority(code: string | undefined) {
  return useRead<AuthorityDetailDto>(
    code === undefined ? undefined : `/v1/authorities/${encodeURIComponent(code)}`,
  );
}

export function useChain() {
  return useRead<ChainDto>('/v1/chain', {}, FRESH_MS);
}

export function usePayments(query: Query, enabled = true) {
  return useRead<{ readonly items: readonly { readonly payer: string }[] }>(
    enabled ? '/v1/payments' : undefined,
    query,
  );
}

/** Which parts of the service do not work, or work and are being looked at. */
export interface Health {
  readonly down: readonly string[];
  readonly degraded: readonly string[];
}

/** Asked every five seconds; an error when the service does not answer at all. */
export function useHealth() {
  const client = useClient();
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => readHealth(client, signal),
    refetchInterval: FRESH_MS,
    // Waits between tries grow, and this page is to notice when all is well again.
    retry: false,
  });
}

async function readHealth(client: ApiClient, signal: AbortSignal): Promise<Health> {
  try {
    const { body } = await client.get<{
      readonly details: Readonly<Record<string, { readonly degraded?: boolean }>>;
    }>('/health/ready', {}, signal);
    const names = Object.keys(body.details);
    return { down: [], degraded: names.filter((name) => body.details[name]?.degraded === true) };
  } catch (error) {
    // A problem document (RFC 9457) whose fields are the parts that are down.
    if (error instanceof ApiProblem && error.fields.length > 0) return { down: error.fields, degraded: [] };
    throw error;
  }
}
