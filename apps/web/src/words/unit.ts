import type { Lang } from '#domain';

/**
 * The unit of account of a deployment. Everything that writes or reads a sum goes through here, so that a deployment
 * of another country needs no other text.
 */
export interface Unit {
  /** ISO 4217, in English before the sum. */
  readonly code: string;
  /** Digits after the point; amounts are whole numbers of the smallest part. */
  readonly digits: number;
  /** After the sum in Korean: "원". */
  readonly ko: string;
  /** When a sum is read aloud in English: "won". */
  readonly spoken: string;
  /** Amounts that are often added, in the smallest part. */
  readonly quick: readonly bigint[];
}

export const WON: Unit = {
  code: 'KRW',
  digits: 0,
  ko: '원',
  spoken: 'won',
  quick: [1_000n, 5_000n, 10_000n],
};

let current = WON;

/** The unit of this deployment. */
export function unit(): Unit {
  return current;
}

/** To be called once, before anything is shown. */
export function useUnit(other: Unit): void {
  current = other;
}

/** Amounts that are often added where no one says which: for money without parts, and with cents. */
const QUICK_WHOLE = [1_000n, 5_000n, 10_000n];
const QUICK_OF_PARTS = [5n, 10n, 20n];

/**
 * The unit that the document names: `[code, digits, Korean name, English name]` as JSON in `data-unit` of its root (the
 * API writes it, apps/api/src/pages.ts); won where it names none.
 */
export function unitOfDocument(text: string | undefined): Unit {
  if (text === undefined) return WON;
  const [code, digits, ko, spoken] = JSON.parse(text) as [string, number, string, string];
  const part = 10n ** BigInt(digits);
  const quick = digits === 0 ? QUICK_WHOLE : QUICK_OF_PARTS.map((whole) => whole * part);
  return { code, digits, ko, spoken, quick };
}

const MINUS = '−';

/** "12,000원", "KRW 12,000", "−12,000원"; cents where the unit has them. */
export function money(amount: bigint, lang: Lang, of = current): string {
  const sign = amount < 0n ? MINUS : '';
  const text = plain(amount < 0n ? -amount : amount, of);
  if (lang === 'en') return `${sign}${of.code} ${text}`;
  return `${sign}${text}${of.ko}`;
}

/** A sum without its unit, for a table whose head names it. */
export function plain(amount: bigint, of = current): string {
  const part = 10n ** BigInt(of.digits);
  const whole = grouped(amount / part);
  return of.digits === 0 ? whole : `${whole}.${String(amount % part).padStart(of.digits, '0')}`;
}

/** A number of things, which have no unit and no parts: "12,000". */
export function grouped(count: bigint | number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * For charts and the console: "1억 2,000만 원", "KRW 120 million", cut to two parts; the exact sum belongs into the
 * title. Below 10,000 whole units it is exact.
 */
export function shortMoney(amount: bigint, lang: Lang, of = current): string {
  const whole = amount / 10n ** BigInt(of.digits);
  if (whole < 10_000n && whole > -10_000n) return money(amount, lang, of);
  const sign = whole < 0n ? MINUS : '';
  const size = whole < 0n ? -whole : whole;
  if (lang === 'en') return `${sign}${of.code} ${englishParts(size)}`;
  return `${sign}${koreanParts(size)} ${of.ko}`;
}

const KOREAN_PARTS = ['', '만', '억', '조'];

function koreanParts(size: bigint): string {
  const groups = [
    size % 10_000n,
    (size / 10n ** 4n) % 10_000n,
    (size / 10n ** 8n) % 10_000n,
    size / 10n ** 12n,
  ];
  const named = groups
    .map((group, index) => ({ group, text: `${grouped(group)}${KOREAN_PARTS[index]}` }))
    .toReversed();
  const first = named.findIndex(({ group }) => group > 0n);
  return named
    .slice(first, first + 2)
    .filter(({ group }) => group > 0n)
    .map(({ text }) => text)
    .join(' ');
}

function englishParts(size: bigint): string {
  const [step, name] =
    size >= 10n ** 12n
      ? [10n ** 12n, 'trillion']
      : size >= 10n ** 9n
        ? [10n ** 9n, 'billion']
        : [10n ** 6n, 'million'];
  if (size < 10n ** 6n) return grouped(size);
  const tenths = (size * 10n) / step;
  return `${grouped(tenths / 10n)}${tenths % 10n === 0n ? '' : `.${tenths % 10n}`} ${name}`;
}
