import { TypedDataEncoder, type TypedDataField } from 'ethers';
import { authoritiesDomain, type DeployedAt } from '#contracts';

/** What the proposer signs to withdraw an act, in the same EIP-712 domain as acts. The chain never sees it. */
export const WITHDRAWAL_TYPES = {
  Withdrawal: [{ name: 'act', type: 'bytes32' }],
} satisfies Record<string, TypedDataField[]>;

/** The digest that the proposer signs to withdraw an act. */
export function withdrawalDigest(
  at: Pick<DeployedAt, 'chainId' | 'authorities' | 'salt'>,
  act: string,
): string {
  return TypedDataEncoder.hash(authoritiesDomain(at), WITHDRAWAL_TYPES, { act });
}
