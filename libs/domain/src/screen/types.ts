import type { Words } from '../words.js';

/**
 * What residents and merchants read for a refusal: short, in spoken form, what happened and then what to do. Each
 * sentence stands alone, so that one whose value is unknown can be left out; the first needs none but the refusal's own.
 *
 * `{name}` is a value (see ScreenValues); `[이/가]` after one is the particle that the value takes.
 */
export type ScreenText = readonly Words[];

/** A value in a sentence, to be written by whoever knows unit, language and place names. */
export type ScreenValue =
  | { readonly type: 'money'; readonly amount: bigint }
  /** Unix seconds: a day and time, or the exclusive end of a span. */
  | { readonly type: 'time' | 'end'; readonly at: number }
  | { readonly type: 'region'; readonly code: string }
  | { readonly type: 'category'; readonly id: number }
  | { readonly type: 'size'; readonly size: number }
  | { readonly type: 'text'; readonly text: string };

export type ScreenValues = Readonly<Record<string, ScreenValue>>;
