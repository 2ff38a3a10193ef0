import type { ValidationError } from 'class-validator';
import type { FieldFault, FieldProblem, Words } from '#domain';
import { notOnePlace } from './regions.js';
import { ruleOf } from './validation-rules.js';

/** Rule of fields that one place must be meant by; its message is the value, which the words are made of. */
export const IS_UNDIVIDED = 'isUndivided';

/** What a rule was given: limits, choices. */
type Values = readonly unknown[];

/** What is wrong with a field, by the rule that it breaks. Every rule that fields have is here; a spec looks. */
const WORDS: Readonly<Record<string, (values: Values) => Words>> = {
  whitelistValidation: () => ({ ko: '알 수 없는 항목입니다.', en: 'is not a known field' }),
  unknownValue: () => ({ ko: '알 수 없는 값입니다.', en: 'is not a known value' }),
  nestedValidation: () => ({ ko: '객체여야 합니다.', en: 'must be an object' }),
  isWon: ([max]) => ({
    ko: `0 이상 ${max} 이하의 원 금액을 숫자 문자열로 적어야 합니다(예: "12000").`,
    en: `must be whole won from 0 to ${max}, as text of digits ("12000")`,
  }),
  isAddress: () => ({
    ko: '0x로 시작하는 40자리 16진수 주소여야 합니다. 대소문자가 섞이면 체크섬이 맞아야 합니다.',
    en: 'must be an address: 0x and 40 hex digits; in mixed case the checksum must fit',
  }),
  isHex32: () => ({ ko: '0x와 64자리 16진수여야 합니다.', en: 'must be 0x and 64 hex digits' }),
  isSignature65: () => ({
    ko: '65바이트 서명(0x와 130자리 16진수)이어야 합니다.',
    en: 'must be a 65-byte signature: 0x and 130 hex digits',
  }),
  isProof: () => ({
    ko: '서명과 키 목록을 담은 0x와 65–2048바이트의 16진수여야 합니다.',
    en: 'must be 0x and 65–2,048 bytes in hex: a signature and its list of keys',
  }),
  isSeriesList: () => ({
    ko: '회차 번호 1–8개의 목록이어야 합니다.',
    en: 'must be a list of the numbers of 1–8 series',
  }),
  isHexData: () => ({
    ko: '0x와 짝수 자리의 16진수여야 합니다.',
    en: 'must be 0x and an even number of hex digits',
  }),
  isRegionCode: ([orNone]) => ({
    ko: `2–10자리 숫자로 된, 실제로 있는 지역의 코드${orNone === true ? '나 none' : ''}이어야 합니다.`,
    en: `must be a region code of 2–10 digits that names a place in Korea${orNone === true ? ', or none' : ''}`,
  }),
  isUint: ([max]) => ({
    ko: `0 이상 ${max} 이하의 정수여야 합니다. JSON에서는 따옴표 없이 적습니다.`,
    en: `must be a whole number from 0 to ${max}; in JSON a number and no text`,
  }),
  isUintText: ([max]) => ({
    ko: `0 이상 ${max} 이하의 정수를 숫자 문자열로 적어야 합니다(예: "12000").`,
    en: `must be a whole number from 0 to ${max}, as text of digits ("12000")`,
  }),
  isPlainText: ([min, max]) => ({
    ko: `보이지 않는 문자나 제어 문자가 없는 ${min}–${max}자의 한 줄 글이어야 합니다.`,
    en: `must be a text of one line with ${min}–${max} characters, without invisible or control characters`,
  }),
  isDay: () => ({
    ko: '2026-01-31처럼 적은, 달력에 있는 날짜여야 합니다.',
    en: 'must be a date of the calendar, like 2026-01-31',
  }),
  isPageLimit: ([max]) => ({
    ko: `1 이상 ${max} 이하의 정수여야 합니다.`,
    en: `must be a whole number from 1 to ${max}`,
  }),
  isRefusalCode: () => ({
    ko: '소문자와 밑줄로 된 거절 코드여야 합니다(GET /v1/refusals).',
    en: 'must be the code of a refusal, in small letters and underscores (GET /v1/refusals)',
  }),
  isString: () => ({ ko: '문자열이어야 합니다.', en: 'must be a text' }),
  isArray: () => ({ ko: '목록이어야 합니다.', en: 'must be a list' }),
  isObject: () => ({ ko: '객체여야 합니다.', en: 'must be an object' }),
  isDefined: () => ({ ko: '필요한 항목입니다.', en: 'is required' }),
  isIn: ([choices]) => ({
    ko: `다음 가운데 하나여야 합니다: ${listed(choices)}`,
    en: `must be one of: ${listed(choices)}`,
  }),
  maxLength: ([max]) => ({ ko: `${max}자 이하여야 합니다.`, en: `must have at most ${max} characters` }),
  arrayMinSize: ([min]) => ({
    ko: `항목이 ${min}개 이상 있어야 합니다.`,
    en: `must have at least ${min} entries`,
  }),
  arrayMaxSize: ([max]) => ({
    ko: `항목이 ${max}개 이하여야 합니다.`,
    en: `must have at most ${max} entries`,
  }),
};

/** For a rule without words. */
const UNKNOWN_RULE: Words = { ko: '값이 올바르지 않습니다.', en: 'is not valid' };

function listed(choices: unknown): string {
  return Array.isArray(choices) ? choices.join(', ') : String(choices);
}

/** Whether a rule of class-validator, by its name, has words. */
export function hasWords(rule: string): boolean {
  return rule === IS_UNDIVIDED || Object.hasOwn(WORDS, rule);
}

/** A field with the name of the rule that it breaks. */
export interface BrokenField extends FieldProblem {
  readonly rule: string;
}

/** A broken rule without limits. */
export function brokenField(
  field: string,
  rule: 'isArray' | 'isObject' | 'whitelistValidation',
): BrokenField {
  return { field, rule, message: wordsOf(rule, []) };
}

/** A hostile body can break a rule a hundred thousand times; no reader needs more than this. */
const FIELDS_MAX = 50;

function wordsOf(rule: string, values: Values): Words {
  return WORDS[rule]?.(values) ?? UNKNOWN_RULE;
}

/** @param message of class-validator; of IS_UNDIVIDED the value */
function faultOf(rule: string, values: Values, message: string): FieldFault {
  const ofPlace = rule === IS_UNDIVIDED ? notOnePlace(message) : undefined;
  return ofPlace ?? { message: wordsOf(rule, values) };
}

/** Path of a field inside another: "inner.amount", "list[3]". */
export function joinPath(parent: string, property: string): string {
  if (parent === '') return property;
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function collect(errors: readonly ValidationError[], parent: string, found: BrokenField[]): void {
  for (const error of errors) {
    if (found.length >= FIELDS_MAX) return;
    const property = error.property ?? '';
    const field = joinPath(parent, property);
    // One message a field: the first rule that fails explains the rest.
    const [first] = Object.entries(error.constraints ?? {});
    if (first !== undefined) {
      const [rule, message] = first;
      const values = ruleOf(error.target, property, rule)?.values ?? [];
      found.push({ field, rule, ...faultOf(rule, values, message) });
    }
    collect(error.children ?? [], field, found);
  }
}

/** Flat list of the fields that class-validator refused, with words in both languages; at most 50. */
export function problemFieldsOf(errors: readonly ValidationError[]): BrokenField[] {
  const found: BrokenField[] = [];
  collect(errors, '', found);
  return found;
}
