import {
  categoryName,
  type Lang,
  type RefusalArgs,
  refusalScreen,
  type ScreenKey,
  type ScreenValue,
  type ScreenValues,
  sizeClassText,
} from '#domain';
import { fill } from './fill.js';
import { dateTime, lastDay } from './formats.js';
import { money } from './unit.js';

export interface ScreenContext {
  readonly lang: Lang;
  /** Unix seconds, of the server. */
  readonly now: number;
  /** Short names ("포항시"). */
  readonly regionName: (code: string, lang: Lang) => string;
}

/** The sentences that a resident or merchant reads for a refusal. */
export function refusalSentences(
  key: ScreenKey,
  args: RefusalArgs,
  context: ScreenContext,
  more: ScreenValues = {},
): string[] {
  const least: ScreenValue = { type: 'money', amount: 1n };
  const { text, values } = refusalScreen(key, args, { least, ...more });
  const written = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, writeValue(value, context)]),
  );
  return text.map((words) => fill(words[context.lang], written));
}

function writeValue(value: ScreenValue, { lang, now, regionName }: ScreenContext): string {
  switch (value.type) {
    case 'money':
      return money(value.amount, lang);
    case 'time':
      return dateTime(value.at, lang, now);
    case 'end':
      return lastDay(value.at, lang, now);
    case 'region':
      return regionName(value.code, lang);
    case 'category':
      return categoryName(value.id, lang);
    case 'size':
      return sizeClassText(value.size, lang);
    case 'text':
      return value.text;
  }
}
