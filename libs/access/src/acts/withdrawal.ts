import { TypedDataEncoder, type TypedDataField } from 'ethers';
import { authoritiesDomain, recoverSigner, type DeployedAt } from '#contracts';

/** What the proposer signs to withdraw an act, in the same EIP-712 domain as acts. The chain never sees it. */
export const WITHDRAWAL_TYPES = {
  Withdrawal: [{ name: 'act', type: 'bytes32' }],
} satisfies Record<string, TypedDataField[]>;

/** The address that signed the withdrawal of an act; null when the signature is malformed. */
export function withdrawalSigner(
  at: Pick<DeployedAt, 'chainId' | 'authorities' | 'salt'>,
  act: string,
  signature: string,
): string | null {
  return recoverSigner(TypedDataEncoder.hash(authoritiesDomain(at), WITHDRAWAL_TYPES, { act }), signature);
}
