import type { Lang } from '#domain';

const SUPPORTED: readonly Lang[] = ['ko', 'en'];

/**
 * The language to answer in, from an Accept-Language header (RFC 9110, 12.5.4). Korean when the header is
 * absent or takes anything; English when it names neither: a reader of a third language more likely knows it.
 */
export function languageOf(header: string | undefined): Lang {
  if (header === undefined || header.trim() === '') return 'ko';
  let best: { lang: Lang; weight: number } | undefined;
  for (const part of header.split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((one) => one.trim()).find((one) => one.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    const primary = tag.trim() === '*' ? 'ko' : tag.trim().split('-')[0];
    const lang = SUPPORTED.find((one) => one === primary);
    if (lang !== undefined && weight > 0 && (best === undefined || weight > best.weight))
      best = { lang, weight };
  }
  return best?.lang ?? 'en';
}
