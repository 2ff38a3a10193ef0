import { keccak256, TypedDataEncoder, type TypedDataDomain, type TypedDataField } from 'ethers';
import { packRegion } from '#domain';
import { fromHex, writeHex, writeUint32, writeUint40, writeUint64, type Hex } from './bytes.js';

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

/** A resident's order to pay. Its digest is the payment's id. */
export interface PaymentAuthorisation {
  readonly payer: Hex;
  readonly merchant: Hex;
  /** uint32, from 1 */
  readonly series: number;
  /** won, 1..2^56-1 */
  readonly amount: bigint;
  /** uint32; see the replay window in #domain */
  readonly nonce: number;
  /** Unix seconds; last moment at which the contract takes it */
  readonly deadline: number;
  /** 32 bytes that the merchant's till may choose (its own order number); zero if none */
  readonly order: Hex;
}

/** A merchant's order to redeem takings. */
export interface RedemptionAuthorisation {
  readonly merchant: Hex;
  readonly series: number;
  readonly amount: bigint;
  readonly nonce: number;
  readonly deadline: number;
  readonly order: Hex;
}

/** What officers sign: one call to one of the contracts in the name of an authority. */
export interface Act {
  /** region code, '' for the state */
  readonly authority: string;
  /** address of the contract that is called */
  readonly target: Hex;
  /** calldata, see encodeAct */
  readonly call: Hex;
  readonly nonce: bigint;
  /** Unix seconds */
  readonly deadline: number;
}

/** The EIP-712 types, as wallets want them. Equal to contracts/src/types/TypedData.sol. */
export const PAYMENT_TYPES = {
  Payment: [
    { name: 'payer', type: 'address' },
    { name: 'merchant', type: 'address' },
    { name: 'series', type: 'uint32' },
    { name: 'amount', type: 'uint64' },
    { name: 'nonce', type: 'uint32' },
    { name: 'deadline', type: 'uint40' },
    { name: 'order', type: 'bytes32' },
  ],
} satisfies Record<string, TypedDataField[]>;

export const REDEMPTION_TYPES = {
  Redemption: [
    { name: 'merchant', type: 'address' },
    { name: 'series', type: 'uint32' },
    { name: 'amount', type: 'uint64' },
    { name: 'nonce', type: 'uint32' },
    { name: 'deadline', type: 'uint40' },
    { name: 'order', type: 'bytes32' },
  ],
} satisfies Record<string, TypedDataField[]>;

export const ACT_TYPES = {
  Act: [
    { name: 'authority', type: 'uint48' },
    { name: 'target', type: 'address' },
    { name: 'call', type: 'bytes' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint40' },
  ],
} satisfies Record<string, TypedDataField[]>;

/** Where contracts live; a Deployment has these fields. */
export interface DeployedAt {
  readonly chainId: number;
  readonly authorities: Hex;
  readonly vouchers: Hex;
  readonly salt: Hex;
}

/** The domain of payments and redemptions. */
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

/** EIP-712 domain separator; equal to DOMAIN_SEPARATOR() of the contract. */
export function domainSeparator(domain: SigningDomain): Hex {
  return TypedDataEncoder.hashDomain(domain);
}

// One hash of each message type. A digest is computed for every payment, so the words are written by hand into a
// buffer: ethers' TypedDataEncoder takes about ten times as long. Tests hold both equal.
const PAYMENT_TYPE = fromHex(
  keccak256(
    Buffer.from(
      'Payment(address payer,address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)',
    ),
  ),
);
const REDEMPTION_TYPE = fromHex(
  keccak256(
    Buffer.from(
      'Redemption(address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)',
    ),
  ),
);
const ACT_TYPE = fromHex(
  keccak256(Buffer.from('Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)')),
);

const WORD = 32;
/** Scratch space: every function below is synchronous and writes all the bytes it hashes. */
const paymentWords = Buffer.alloc(8 * WORD);
PAYMENT_TYPE.copy(paymentWords);
const redemptionWords = Buffer.alloc(7 * WORD);
REDEMPTION_TYPE.copy(redemptionWords);
const envelope = Buffer.alloc(2 + 2 * WORD);
envelope.write('1901', 'hex');

/** keccak256(0x1901 ‖ domain separator ‖ struct hash). */
function digestOf(domain: SigningDomain, words: Buffer): Hex {
  separatorOf(domain).copy(envelope, 2);
  envelope.write(keccak256(words).slice(2), 2 + WORD, 'hex');
  return keccak256(envelope);
}

/** series, amount, nonce, deadline and order: the words that payments and redemptions share. */
function writeTransferWords(
  words: Buffer,
  first: number,
  item: RedemptionAuthorisation | PaymentAuthorisation,
): void {
  writeUint32(words, first * WORD + 28, item.series, 'series');
  writeUint64(words, (first + 1) * WORD + 24, item.amount, 'amount');
  writeUint32(words, (first + 2) * WORD + 28, item.nonce, 'nonce');
  writeUint40(words, (first + 3) * WORD + 27, item.deadline, 'deadline');
  writeHex(words, (first + 4) * WORD, item.order, 32, 'order');
}

/** EIP-712 digest of a payment: what the payer signs, and the payment's id. RangeError on values out of range. */
export function paymentDigest(domain: SigningDomain, payment: PaymentAuthorisation): Hex {
  writeHex(paymentWords, WORD + 12, payment.payer, 20, 'payer');
  writeHex(paymentWords, 2 * WORD + 12, payment.merchant, 20, 'merchant');
  writeTransferWords(paymentWords, 3, payment);
  return digestOf(domain, paymentWords);
}

/** EIP-712 digest of a redemption: what the merchant signs, and the redemption's id. */
export function redemptionDigest(domain: SigningDomain, redemption: RedemptionAuthorisation): Hex {
  writeHex(redemptionWords, WORD + 12, redemption.merchant, 20, 'merchant');
  writeTransferWords(redemptionWords, 2, redemption);
  return digestOf(domain, redemptionWords);
}

/** EIP-712 digest of an act: what officers sign, and the act's id. */
export function actDigest(domain: SigningDomain, act: Act): Hex {
  const words = Buffer.alloc(6 * WORD);
  ACT_TYPE.copy(words);
  writeUint64(words, WORD + 24, packRegion(act.authority), 'authority');
  writeHex(words, 2 * WORD + 12, act.target, 20, 'target');
  words.write(keccak256(act.call).slice(2), 3 * WORD, 'hex');
  writeHex(words, 4 * WORD, `0x${act.nonce.toString(16).padStart(64, '0')}`, 32, 'nonce');
  writeUint40(words, 5 * WORD + 27, act.deadline, 'deadline');
  return digestOf(domain, words);
}

/** Anything that signs typed data: an ethers Wallet, a browser's signer, a key service. */
export interface TypedDataSigner {
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** The payer's 65-byte signature. */
export function signPayment(
  signer: TypedDataSigner,
  domain: SigningDomain,
  payment: PaymentAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, PAYMENT_TYPES, { ...payment });
}

/** The merchant's 65-byte signature. */
export function signRedemption(
  signer: TypedDataSigner,
  domain: SigningDomain,
  redemption: RedemptionAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, REDEMPTION_TYPES, { ...redemption });
}

/** An officer's 65-byte signature. */
export function signAct(signer: TypedDataSigner, domain: SigningDomain, act: Act): Promise<Hex> {
  return signer.signTypedData(domain, ACT_TYPES, actMessage(act));
}

/** EIP-712 message of an act as wallets show it, with the region packed. */
export function actMessage(act: Act): Record<string, unknown> {
  return { ...act, authority: packRegion(act.authority) };
}
