import type { BaseWallet } from 'ethers';
import {
  consentBytes,
  consentDigest,
  foundingClaim,
  walletSignature,
  type ActArguments,
  type ActKind,
  type Consent,
  type Hex,
  type SigningDomain,
} from '#contracts';

// The people of tests consent to whichever authority records them: keys that tests made are remembered by their address,
// so that a list of an act needs the addresses alone.

/** The last moment that a consent may name. */
const FAR = 2 ** 40 - 1;

const signers = new Map<string, (digest: Hex) => Hex>();
const foundings = new Map<string, Hex>();

/** Remembers who signs for a wallet's address. `sign` gives the signature as the contracts read it. */
export function rememberSigner(address: string, sign: (digest: Hex) => Hex): void {
  signers.set(address.toLowerCase(), sign);
}

/** Remembers a wallet; answers it. */
export function consenting<T extends BaseWallet>(wallet: T): T {
  rememberSigner(wallet.address, (digest) => walletSignature(wallet.signingKey.sign(digest).serialized));
  return wallet;
}

/** Remembers what the id of an account with a ring, or without keys, is made of. */
export function rememberFounding(address: string, salt: Hex | undefined, ring: Hex): void {
  foundings.set(address.toLowerCase(), foundingClaim(salt, ring));
}

/** What an entry says about an account that is not on record yet; undefined when no test made its keys. */
export function claimOf(domain: SigningDomain, address: string, authority: string): Hex | undefined {
  const account = address.toLowerCase();
  const founding = foundings.get(account);
  if (founding !== undefined) return founding;
  const words = { account, from: '', to: authority, number: 0, deadline: FAR };
  const signature = signers.get(account)?.(consentDigest(domain, words));
  return signature === undefined ? undefined : consentBytes(FAR, signature);
}

/**
 * That an account moves, for `take_accounts`.
 *
 * @param prove makes the proof; default the wallet that a test remembered for the address
 */
export function moveConsentOf(
  domain: SigningDomain,
  address: string,
  move: Pick<Consent, 'from' | 'to' | 'number'>,
  { deadline = FAR, prove = signers.get(address.toLowerCase()) }: ConsentWish = {},
): Hex {
  const account = address.toLowerCase();
  if (prove === undefined) throw new Error(`no test made the keys of ${account}`);
  return consentBytes(deadline, prove(consentDigest(domain, { account, ...move, deadline })));
}

interface ConsentWish {
  /** Unix seconds. */
  readonly deadline?: number;
  readonly prove?: (digest: Hex) => Hex;
}

/** The arguments of an act with the consents of those whom its entries name. */
export function withConsents<K extends ActKind>(
  domain: SigningDomain,
  kind: K,
  args: ActArguments[K],
): ActArguments[K] {
  return consented(domain, kind, args.authority, args) as ActArguments[K];
}

/** The same of a draft's request over HTTP. */
export function draftWithConsents(domain: SigningDomain, request: unknown): unknown {
  if (!isObject(request) || !isObject(request['args'])) return request;
  const { kind, authority, args } = request;
  return { ...request, args: consented(domain, String(kind), String(authority), args) };
}

function consented(
  domain: SigningDomain,
  kind: string,
  authority: string,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { entries } = args;
  const subject = kind === 'set_merchants' ? 'merchant' : kind === 'attest_accounts' ? 'account' : undefined;
  if (subject === undefined || !Array.isArray(entries)) return args;
  return {
    ...args,
    entries: entries.map((entry: unknown) => {
      if (!isObject(entry) || entry['claim'] !== undefined) return entry;
      const claim = claimOf(domain, String(entry[subject]), authority);
      return claim === undefined ? entry : { ...entry, claim };
    }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
