import { refusal, refusalArgs, refusalText } from '#domain';
import type { FieldProblem, Lang, RefusalArgs, RefusalKey, RegionNames, Words } from '#domain';

export interface ProblemOptions {
  /** Values of the refusal, by name or in the chain's order. */
  readonly args?: RefusalArgs;
  readonly fields?: readonly FieldProblem[];
  /** Replaces the table's detail, for callers that know more. */
  readonly detail?: Words;
  /** Replaces what the table says that the reader can do. */
  readonly next?: Words;
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

/** The refusal of a request with one field that is wrong. */
export function wrongField(field: string, message: Words, became?: readonly string[]): ProblemException {
  return new ProblemException('invalid_request', {
    fields: [became === undefined ? { field, message } : { field, message, became }],
  });
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
  readonly errors?: readonly ProblemError[];
}

/** A field that is wrong, in the reader's language. */
export interface ProblemError extends Omit<FieldProblem, 'message'> {
  readonly message: string;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemContext {
  readonly lang: Lang;
  readonly instance: string;
  readonly requestId: string;
  readonly regionName?: RegionNames;
}

/** The document that answers a request refused with this code. */
export function problemDocument(
  key: RefusalKey,
  options: ProblemOptions,
  context: ProblemContext,
): ProblemDocument {
  const { args = {}, fields = [], detail, next } = options;
  const { lang, instance, requestId, regionName } = context;
  const text = refusalText(key, args, lang, regionName);
  const explained = detail === undefined ? text.detail : detail[lang];
  const expected = refusalArgs(key, args);
  return {
    type: `/problems/${key}`,
    title: text.title,
    status: refusal(key).http,
    ...(explained === '' ? {} : { detail: explained }),
    code: key,
    next: next === undefined ? text.next : next[lang],
    instance,
    requestId,
    ...(Object.keys(expected).length === 0 ? {} : { expected }),
    ...(fields.length === 0
      ? {}
      : { errors: fields.map(({ field, message, became }) => errorOf(field, message[lang], became)) }),
  };
}

function errorOf(field: string, message: string, became?: readonly string[]): ProblemError {
  return became === undefined ? { field, message } : { field, message, became };
}
