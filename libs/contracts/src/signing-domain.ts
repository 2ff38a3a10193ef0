import { keccak256, TypedDataEncoder, type TypedDataField } from 'ethers';
import { fromHex, type Hex } from './bytes.js';

/**
 * The EIP-712 domain of one deployment. `salt` differs with every deployment, so that a re-created test chain with
 * the same ids accepts nothing old. Fits ethers' `signTypedData` as it is.
 */
export interface SigningDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Hex;
  readonly salt: Hex;
}

/** Where contracts live; a Deployment has these fields. */
export interface DeployedAt {
  readonly chainId: number;
  readonly authorities: Hex;
  readonly vouchers: Hex;
  readonly salt: Hex;
}

/** The domain of everything that holders and quota keys sign. */
export function vouchersDomain(at: Pick<DeployedAt, 'chainId' | 'vouchers' | 'salt'>): SigningDomain {
  return {
    name: 'Jangteo Vouchers',
    version: '1',
    chainId: at.chainId,
    verifyingContract: at.vouchers,
    salt: at.salt,
  };
}

/** The domain of officers' acts. */
export function authoritiesDomain(at: Pick<DeployedAt, 'chainId' | 'authorities' | 'salt'>): SigningDomain {
  return {
    name: 'Jangteo Authorities',
    version: '1',
    chainId: at.chainId,
    verifyingContract: at.authorities,
    salt: at.salt,
  };
}

/**
 * The EIP-712 type of exactly the fields that a SigningDomain has. Wallets that take typed data as JSON
 * (`eth_signTypedData_v4`) hash the domain by this type and compute another digest without it; ethers makes the type
 * itself and refuses to be given it.
 */
export const DOMAIN_TYPES = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
} satisfies Record<string, TypedDataField[]>;

/** EIP-712 domain separator; equal to DOMAIN_SEPARATOR() of the contract. */
export function domainSeparator(domain: SigningDomain): Hex {
  return TypedDataEncoder.hashDomain(domain);
}

const WORD = 32;
const separators = new WeakMap<SigningDomain, Buffer>();

/** The 32 bytes of EIP-712's domain separator, computed once per domain object. */
function separatorOf(domain: SigningDomain): Buffer {
  let separator = separators.get(domain);
  if (separator === undefined) {
    separator = fromHex(domainSeparator(domain));
    separators.set(domain, separator);
  }
  return separator;
}

/** Scratch space: digestOf is synchronous and writes all the bytes it hashes. */
const envelope = Buffer.alloc(2 + 2 * WORD);
envelope.write('1901', 'hex');

/** keccak256(0x1901 ‖ domain separator ‖ keccak256(words)): the digest of an EIP-712 message. */
export function digestOf(domain: SigningDomain, words: Buffer): Hex {
  separatorOf(domain).copy(envelope, 2);
  envelope.write(keccak256(words).slice(2), 2 + WORD, 'hex');
  return keccak256(envelope);
}
