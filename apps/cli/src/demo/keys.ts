import { getBytes, keccak256, solidityPackedKeccak256 } from 'ethers';
import secp256k1 from 'secp256k1';

/** Who a demo key belongs to. */
export type DemoRole = 'officer' | 'merchant' | 'resident' | 'unregistered' | 'counter';

/** In demo.json, so that anybody can find the key of any demo identity. */
export const KEY_DERIVATION =
  'privateKey = keccak256(abi.encodePacked(bytes32 seed, string "<role>/<region>/<index>")); role: officer, ' +
  'merchant, resident, counter; region: code of the authority (officers) or of the city; index from 1 (officers: their number)';

/** The private key of one demo identity: KEY_DERIVATION. */
export function demoKey(seed: string, role: DemoRole, region: string, index: number): string {
  return solidityPackedKeccak256(['bytes32', 'string'], [seed, `${role}/${region}/${index}`]);
}

/** Address of a private key, lower case. Native, because a province has 22,000 of them. */
export function addressOfKey(privateKey: string): string {
  const point = secp256k1.publicKeyCreate(getBytes(privateKey), false);
  return `0x${keccak256(point.subarray(1)).slice(-40)}`;
}

/** 65-byte signature r ‖ s ‖ v of a 32-byte digest, low s. */
export function signDigest(privateKey: string, digest: string): string {
  const { signature, recid } = secp256k1.ecdsaSign(getBytes(digest), getBytes(privateKey));
  return `0x${Buffer.from(signature).toString('hex')}${(27 + recid).toString(16)}`;
}
