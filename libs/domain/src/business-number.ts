/**
 * Korean business registration number (사업자등록번호): tax office (3 digits, from 101), kind (2, not 00),
 * serial (4, not 0000), check digit. Same rules as stdnum's KR.brn, against which the spec compares; written out
 * here because that package loads the numbers of every country.
 */
const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const;

function checkDigit(nine: string): number {
  const digits = [...nine].map(Number);
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0);
  return (10 - ((sum + Math.floor(((digits[8] ?? 0) * 5) / 10)) % 10)) % 10;
}

/** Ten digits without separators, or undefined when the text is not a valid number ("123-45-67890" form is read too). */
export function parseBusinessNumber(text: string): string | undefined {
  const digits = text.replaceAll('-', '');
  if (!/^\d{10}$/.test(digits) || !/^(\d{10}|\d{3}-\d{2}-\d{5})$/.test(text)) return undefined;
  const plausible =
    Number(digits.slice(0, 3)) >= 101 && digits.slice(3, 5) !== '00' && digits.slice(5, 9) !== '0000';
  return plausible && Number(digits[9]) === checkDigit(digits.slice(0, 9)) ? digits : undefined;
}

/** True when parseBusinessNumber accepts the text. */
export function isBusinessNumber(text: string): boolean {
  return parseBusinessNumber(text) !== undefined;
}

/** "123-45-67890" from ten digits. */
export function formatBusinessNumber(digits: string): string {
  return `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
}

const SERIALS = 9_999;
const OFFICES = 899;

/**
 * An invented number that is valid in form, for demonstrations: the same for the same seed, different for the
 * seeds 0 … 8,989,100. Kind 90 (sole traders exempt from VAT) keeps the range small and recognisable.
 */
export function inventedBusinessNumber(seed: number): string {
  const office = 101 + (Math.floor(seed / SERIALS) % OFFICES);
  const serial = 1 + (seed % SERIALS);
  const nine = `${office}90${String(serial).padStart(4, '0')}`;
  return nine + String(checkDigit(nine));
}
