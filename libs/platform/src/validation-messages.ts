import type { ValidationError } from 'class-validator';
import type { Lang } from '#domain';
import type { ProblemField } from './problem.js';

type Words = Readonly<Record<Lang, string>>;

/** Words of rules without parameters. Rules with parameters take class-validator's English and these in Korean. */
const WORDS: Readonly<Record<string, Words>> = {
  whitelistValidation: { ko: '알 수 없는 항목입니다.', en: 'is not a known field' },
  unknownValue: { ko: '알 수 없는 값입니다.', en: 'is not a known value' },
  isWon: {
    ko: '0 이상의 정수 원 금액을 숫자 문자열로 적어야 합니다(예: "12000").',
    en: 'must be whole won, not negative, as text of digits ("12000")',
  },
  isAddress: {
    ko: '0x로 시작하는 40자리 16진수 주소여야 합니다. 대소문자가 섞이면 체크섬이 맞아야 합니다.',
    en: 'must be an address: 0x and 40 hex digits; in mixed case the checksum must fit',
  },
  isHex32: { ko: '0x와 64자리 16진수여야 합니다.', en: 'must be 0x and 64 hex digits' },
  isSignature65: {
    ko: '65바이트 서명(0x와 130자리 16진수)이어야 합니다.',
    en: 'must be a 65-byte signature: 0x and 130 hex digits',
  },
  isProof: {
    ko: '서명과 키 목록을 담은 0x와 65~2048바이트의 16진수여야 합니다.',
    en: 'must be 0x and 65 to 2,048 bytes in hex',
  },
  isSeriesList: {
    ko: '회차 번호 1~8개여야 합니다.',
    en: 'must be the numbers of 1 to 8 series',
  },
  isHexData: { ko: '0x와 짝수 자리의 16진수여야 합니다.', en: 'must be 0x and an even number of hex digits' },
  isRegionCode: {
    ko: '2–10자리 숫자로 된, 실제로 있는 지역의 코드여야 합니다.',
    en: 'must be a region code of 2–10 digits that names a place in Korea',
  },
  isUint: {
    ko: '범위 안의 0 이상 정수여야 합니다. JSON에서는 따옴표 없이 적습니다.',
    en: 'must be a whole number, not negative, within its range; in JSON a number and no text',
  },
  isUintText: {
    ko: '범위 안의 0 이상 정수를 숫자 문자열로 적어야 합니다(예: "12000").',
    en: 'must be a whole number, not negative, within its range, as text of digits ("12000")',
  },
  isPlainText: {
    ko: '보이지 않는 문자나 제어 문자가 없는, 길이가 맞는 한 줄의 글이어야 합니다.',
    en: 'must be a text of one line within its length, without invisible or control characters',
  },
  isString: { ko: '문자열이어야 합니다.', en: 'must be a text' },
  isInt: { ko: '정수여야 합니다.', en: 'must be a whole number' },
  isNumber: { ko: '숫자여야 합니다.', en: 'must be a number' },
  isBoolean: { ko: 'true 또는 false여야 합니다.', en: 'must be true or false' },
  isArray: { ko: '목록이어야 합니다.', en: 'must be a list' },
  isObject: { ko: '객체여야 합니다.', en: 'must be an object' },
  isNotEmpty: { ko: '비어 있으면 안 됩니다.', en: 'must not be empty' },
  isDefined: { ko: '필요한 항목입니다.', en: 'is required' },
  isDateString: { ko: 'ISO 8601 날짜여야 합니다.', en: 'must be an ISO 8601 date' },
  isISO8601: { ko: 'ISO 8601 날짜여야 합니다.', en: 'must be an ISO 8601 date' },
  isEmail: { ko: '이메일 주소여야 합니다.', en: 'must be an e-mail address' },
  isUuid: { ko: 'UUID여야 합니다.', en: 'must be a UUID' },
};

const KOREAN_ONLY: Readonly<Record<string, string>> = {
  min: '값이 너무 작습니다.',
  max: '값이 너무 큽니다.',
  minLength: '너무 짧습니다.',
  maxLength: '너무 깁니다.',
  isLength: '길이가 맞지 않습니다.',
  matches: '형식이 맞지 않습니다.',
  isIn: '정해진 값 가운데 하나여야 합니다.',
  isEnum: '정해진 값 가운데 하나여야 합니다.',
  arrayMinSize: '항목이 너무 적습니다.',
  arrayMaxSize: '항목이 너무 많습니다.',
  arrayNotEmpty: '항목이 하나 이상 있어야 합니다.',
  arrayUnique: '같은 항목이 두 번 들어 있습니다.',
};

const FALLBACK_KO = '값이 올바르지 않습니다.';

/** A field with the name of the rule that it breaks. */
export interface BrokenField extends ProblemField {
  readonly rule: string;
}

/** A broken rule that has words of its own. */
export function brokenField(field: string, rule: 'isArray' | 'isObject'): BrokenField {
  return { field, rule, message: wordsOf(rule, '', field) };
}

/** A hostile body can break a rule a hundred thousand times; no reader needs more than this. */
const FIELDS_MAX = 50;

function wordsOf(rule: string, message: string, property: string): Words {
  const words = WORDS[rule];
  if (words !== undefined) return words;
  // class-validator begins its sentences with the property, which stands beside the message already.
  const en = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  return { ko: KOREAN_ONLY[rule] ?? FALLBACK_KO, en };
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
      found.push({ field, rule, message: wordsOf(rule, message, property) });
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
