import { refusalKeyOfError, refusalKeyOfNumber, type RefusalKey } from '#domain';
import type { ErrorDescription } from 'ethers';
import type { Hex } from './bytes.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';

/** A custom error of one of the contracts. */
export interface DecodedRevert {
  /** Solidity name, e.g. OfficersTooFew; `Error` or `Panic` for Solidity's own */
  readonly name: string;
  /** code of the refusal table; null when the table does not list this error */
  readonly key: RefusalKey | null;
  /** by Solidity name; integers as bigint (regions packed), addresses in lower case, text as it is */
  readonly args: Readonly<Record<string, bigint | string>>;
}

/**
 * Why a call was reverted, from its revert data; null when the data are empty or of no known error. The errors of
 * Vouchers pass through Authorities.execute unchanged, so one list serves both.
 */
export function decodeRevert(data: Hex): DecodedRevert | null {
  const parsed = parse(data);
  if (parsed === null) return null;
  const values: unknown[] = parsed.args.toArray();
  const args: Record<string, bigint | string> = {};
  parsed.fragment.inputs.forEach((input, index) => {
    const value = values[index];
    if (typeof value === 'bigint') args[input.name] = value;
    else args[input.name] = input.type === 'address' ? String(value).toLowerCase() : String(value);
  });
  return { name: parsed.name, key: refusalKeyOfError(parsed.name) ?? null, args };
}

/** The code behind the number in PaymentRefused, IssueRefused, RedemptionRefused and previews; null for 0. */
export function refusalOfItem(code: number): RefusalKey | null {
  return refusalKeyOfNumber(code) ?? null;
}

function parse(data: Hex): ErrorDescription | null {
  try {
    return vouchersInterface.parseError(data) ?? authoritiesInterface.parseError(data);
  } catch {
    // Too short or malformed: no error of the contracts.
    return null;
  }
}
