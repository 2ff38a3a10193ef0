import { parseInstant } from '#domain';
import type { SeriesSummaryDto } from '../client/generated/index.js';
import { useRegions } from '../client/regions.js';
import { useLang, useWords } from '../ui/context.js';
import type { VoucherFacts } from '../ui/vouchers.js';

type Series = Pick<
  SeriesSummaryDto,
  'programme' | 'authority' | 'authorityName' | 'kind' | 'validUntil' | 'pausedUntil'
>;

/** What the card of a voucher shows of a series, in the page's language. */
export function useVoucherFacts(): (series: Series, href: string) => VoucherFacts {
  const say = useWords();
  const lang = useLang();
  const regions = useRegions();
  return (series, href) => ({
    name: series.programme?.[lang] ?? say('series.title'),
    issuer: regions?.name(series.authority, lang) ?? series.authorityName,
    until: parseInstant(series.validUntil),
    pausedUntil: series.pausedUntil === null ? undefined : parseInstant(series.pausedUntil),
    offer: series.kind === 'granted' ? say('voucher.granted') : undefined,
    href,
  });
}
