import { createHash } from 'node:crypto';
import { keccak256, Wallet } from 'ethers';
import secp256k1 from 'secp256k1';
import { paymentDigest, type SigningDomain } from '#contracts';
import { OutsideClient } from '../../test/support/outside-client.js';
import { GYEONGJU, Province, stateOfficers } from '../../test/support/province.js';
import type { TestPlatform } from '../../test/support/platform.js';

const ZERO_HASH = `0x${'00'.repeat(32)}`;
const ENTRIES_PER_ACT = 200;

export interface Payer {
  /** Lower-case address. */
  readonly address: string;
  readonly key: Buffer;
}

/** A payment as it is submitted; `id` is its digest. */
export interface SignedPayment {
  readonly id: string;
  readonly amount: bigint;
  readonly body: string;
}

export interface PopulationSize {
  readonly merchants: number;
  readonly residents: number;
  /** won for each resident */
  readonly each: bigint;
}

/** A city with shops and residents who hold vouchers, founded over HTTP by acts as everybody has to. */
export class Population {
  private readonly nonces = new Map<string, number>();
  private signed = 0;

  private constructor(
    readonly client: OutsideClient,
    readonly series: number,
    readonly merchants: readonly string[],
    readonly payers: readonly Payer[],
    readonly domain: SigningDomain,
  ) {}

  static async found(platform: TestPlatform, size: PopulationSize): Promise<Population> {
    const client = new OutsideClient(platform.url);
    const province = await Province.found(
      client,
      stateOfficers(platform.home.read('genesis-officers.json') ?? '[]'),
    );
    const shops = Array.from({ length: size.merchants }, (_unused, index) => ({
      wallet: new Wallet(`0x${keyOf(`shop ${index}`).toString('hex')}`),
      region: GYEONGJU,
      category: 'market_stall',
      size: 0,
    }));
    for (let start = 0; start < shops.length; start += ENTRIES_PER_ACT) {
      await province.register(GYEONGJU, shops.slice(start, start + ENTRIES_PER_ACT));
    }
    const budget = size.each * BigInt(size.residents);
    const series = await province.publish({ authority: GYEONGJU, budget });
    const payers = payersOf(size.residents);
    const items = payers.map(({ address }) => ({ account: address, amount: size.each }));
    await province.issue(GYEONGJU, series, items);
    const merchants = shops.map(({ wallet }) => wallet.address.toLowerCase());
    return new Population(client, series, merchants, payers, await domainOf(client));
  }

  /** Signs the next payments, residents in turn, small amounts, one hour to live. */
  sign(count: number): SignedPayment[] {
    const deadline = Math.floor(Date.now() / 1000) + 3_600;
    return Array.from({ length: count }, () => this.signOne(deadline));
  }

  private signOne(deadline: number): SignedPayment {
    const index = this.signed++;
    const payer = this.payers[index % this.payers.length];
    if (payer === undefined) throw new Error('the population has no residents');
    const nonce = (this.nonces.get(payer.address) ?? 0) + 1;
    this.nonces.set(payer.address, nonce);
    const authorisation = {
      payer: payer.address,
      merchant: this.merchants[(index * 7) % this.merchants.length] ?? '',
      series: [this.series],
      amount: BigInt(1 + (index % 900)),
      nonce,
      deadline,
      order: ZERO_HASH,
    };
    const id = paymentDigest(this.domain, authorisation);
    const { amount } = authorisation;
    const proof = signatureOf(id, payer.key);
    const body = JSON.stringify({ authorisation: { ...authorisation, amount: String(amount) }, proof });
    return { id, amount, body };
  }
}

/** Native, 65 bytes: ethers would take about a millisecond each. */
export function signatureOf(digest: string, key: Buffer): string {
  const { signature, recid } = secp256k1.ecdsaSign(Buffer.from(digest.slice(2), 'hex'), key);
  return `0x${Buffer.from(signature).toString('hex')}${(27 + recid).toString(16)}`;
}

export function payersOf(count: number): Payer[] {
  return Array.from({ length: count }, (_unused, index) => {
    const key = keyOf(`resident ${index}`);
    return { address: addressOf(key), key };
  });
}

function keyOf(name: string): Buffer {
  return createHash('sha256').update(`bench ${name}`).digest();
}

function addressOf(key: Buffer): string {
  return `0x${keccak256(secp256k1.publicKeyCreate(key, false).subarray(1)).slice(26)}`;
}

async function domainOf(client: OutsideClient): Promise<SigningDomain> {
  const domain = (await client.get('/v1/chain')).at('domains', 'vouchers');
  return {
    name: domain.at('name').text(),
    version: domain.at('version').text(),
    chainId: domain.at('chainId').number(),
    verifyingContract: domain.at('verifyingContract').text(),
    salt: domain.at('salt').text(),
  };
}
