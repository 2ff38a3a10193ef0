import { refusal, refusalArgs, refusalText } from '#domain';
import type { Lang, RefusalArgs, RefusalKey, RegionNames } from '#domain';

/** One field that is wrong; `field` is a path as in "authorisation.amount" or "recipients[3].account". */
export interface ProblemField {
  readonly field: string;
  readonly message: string | Readonly<Record<Lang, string>>;
}

export interface ProblemOptions {
  /** Values of the refusal, by name or in the chain's order. */
  readonly args?: RefusalArgs;
  readonly fields?: readonly ProblemField[];
  /** Replaces the table's detail, for callers that know more. */
  readonly detail?: string | Readonly<Record<Lang, string>>;
  /** What made it happen; logged, never sent. */
  readonly cause?: unknown;
}

/** Throw it anywhere below a controller: the filter answers with the problem document of this code. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';

  constructor(
    readonly key: RefusalKey,
    readonly options: ProblemOptions = {},
  ) {
    super(key, options.cause === undefined ? undefined : { cause: options.cause });
  }

  get status(): number {
    return refusal(this.key).http;
  }
}

/** Recognises the exception across module realms, where instanceof fails. */
export function isProblemException(error: unknown): error is ProblemException {
  return error instanceof Error
    ? error instanceof ProblemException || error.name === 'ProblemException'
    : typeof error === 'object' && error !== null && 'name' in error && error.name === 'ProblemException';
}

/** RFC 9457 problem document. `code` is stable for programs, the other texts are for people. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  /** What the reader can do now. */
  readonly next: string;
  /** Path of the request. */
  readonly instance: string;
  readonly requestId: string;
  /** The rule and the values that it was compared with. */
  readonly expected?: Readonly<Record<string, string | number>>;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemContext {
  readonly lang: Lang;
  readonly instance: string;
  readonly requestId: string;
  readonly regionName?: RegionNames;
}

function inLanguage(text: string | Readonly<Record<Lang, string>>, lang: Lang): string {
  return typeof text === 'string' ? text : text[lang];
}

/** The document that answers a request refused with this code. */
export function problemDocument(
  key: RefusalKey,
  options: ProblemOptions,
  context: ProblemContext,
): ProblemDocument {
  const { args = {}, fields = [], detail } = options;
  const { lang, instance, requestId, regionName } = context;
  const text = refusalText(key, args, lang, regionName);
  const explained = detail === undefined ? text.detail : inLanguage(detail, lang);
  const expected = refusalArgs(key, args);
  return {
    type: `/problems/${key}`,
    title: text.title,
    status: refusal(key).http,
    ...(explained === '' ? {} : { detail: explained }),
    code: key,
    next: text.next,
    instance,
    requestId,
    ...(Object.keys(expected).length === 0 ? {} : { expected }),
    ...(fields.length === 0
      ? {}
      : { errors: fields.map(({ field, message }) => ({ field, message: inLanguage(message, lang) })) }),
  };
}
