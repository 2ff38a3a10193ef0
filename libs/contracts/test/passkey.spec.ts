import { createHash, createPrivateKey, sign } from 'node:crypto';
import { refusal } from '#domain';
import { fromHex, toHex } from '../src/bytes.js';
import {
  accountOf,
  deviceKeyId,
  deviceSignature,
  encodeKeyRing,
  encodePay,
  normaliseP256,
  packPayment,
  passkeyKeyId,
  passkeySignature,
  passkeySignatureOf,
  paymentDigest,
  pointOfSpki,
  foundingBytes,
  proofWithRing,
  vouchersDomain,
  type AssertionResponseJson,
  type Hex,
  type P256Point,
} from '../src/index.js';
import { findChromium } from '../../../scripts/lib/chromium.mjs';
import { WalletBrowser, WalletPage } from './support/browser.js';
import { wallet } from '../../../test/support/signing-keys.js';
import { DEADLINE, ContractsFixture } from './support/contracts-fixture.js';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const LIMIT = 10_000n;
const PASSKEY = 0;
const DEVICE = 1;
const decoded = (base64url: string) => Buffer.from(base64url, 'base64url');

const browserPath = findChromium();
const reason = 'no Chromium on this machine: install one, or set CHROMIUM_PATH';
if (browserPath === undefined) process.stderr.write(`SKIPPED: signatures of a real browser: ${reason}\n`);
const describeInBrowser = browserPath === undefined ? describe.skip : describe;

const FOUNDING = { authority: '47130', role: 'resident' } as const;

describeInBrowser(`keys of a real browser${browserPath === undefined ? ` (${reason})` : ''}`, () => {
  let fixture: ContractsFixture;
  let browser: WalletBrowser;
  let page: WalletPage;
  let otherPage: WalletPage;
  let passkeyPoint: P256Point;
  let devicePoint: P256Point;
  let credential: { id: string; clientDataJSON: string };
  let exported: string;
  let ring: Hex;
  let account: Hex;
  let nonce = 0;
  const shop = wallet('shop of the browser');
  const createChallenge = Buffer.alloc(32, 7);

  beforeAll(async () => {
    fixture = await ContractsFixture.open();
    browser = await WalletBrowser.launch(browserPath ?? '');
    page = await WalletPage.open(browser.page);
    otherPage = await WalletPage.open(browser.page);
    const made = await page.create(createChallenge);
    const device = await page.device();
    credential = made;
    exported = device.exported;
    passkeyPoint = pointOfSpki(decoded(made.spki));
    devicePoint = pointOfSpki(decoded(device.spki));
    ring = encodeKeyRing({
      dailyLimit: LIMIT,
      keys: [
        { right: 'owner', id: passkeyKeyId(passkeyPoint, 'localhost', page.origin) },
        { right: 'device', id: deviceKeyId(devicePoint) },
      ],
    });
    account = accountOf(FOUNDING, ring);
    await fixture.publish();
    await fixture.register([shop]);
    await fixture.give([{ address: account }], 1_000_000n);
  });

  afterAll(async () => {
    await page?.close();
    await otherPage?.close();
    await browser?.close();
    await fixture?.close();
  });

  /** Pays on chain with what `signature` makes of the digest; the refusal's name, or 'paid'. */
  async function pay(
    signature: (digest: Buffer) => Hex | Promise<Hex>,
    { position = PASSKEY, amount = 1_000n } = {},
  ): Promise<string> {
    nonce += 1;
    const order = `0x${'00'.repeat(32)}`;
    const payment = { payer: account, merchant: shop.address, amount, series: [1], nonce };
    const item = { ...payment, deadline: DEADLINE, order };
    const digest = paymentDigest(vouchersDomain(fixture.chain.deployment), item);
    const proof = proofWithRing(await signature(fromHex(digest)), position, ring, foundingBytes(FOUNDING));
    const [event] = fixture.events(await fixture.send(encodePay([packPayment(item, proof)])));
    if (event?.name === 'Paid') {
      expect(event).toMatchObject({ payment: digest, payer: account, amount, series: 1 });
      return 'paid';
    }
    if (event?.name !== 'PaymentRefused') throw new Error(`unexpected ${event?.name}`);
    expect(event).toMatchObject({ payment: digest });
    const names = ['signature_invalid', 'device_limit_exceeded'] as const;
    return names.find((name) => refusal(name).number === event.code) ?? String(event.code);
  }

  const assertion = (digest: Buffer) => page.get(digest, credential.id);
  const withPart = (
    answer: AssertionResponseJson,
    part: 'authenticatorData' | 'clientDataJSON',
    at: number,
  ) => {
    const bytes = decoded(answer[part]);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return passkeySignatureOf({ ...answer, [part]: bytes.toString('base64url') }, passkeyPoint);
  };

  it('of a passkey pay', async () => {
    expect(await pay(async (digest) => passkeySignatureOf(await assertion(digest), passkeyPoint))).toBe(
      'paid',
    );
  });

  it('of a passkey pay nothing else than what was signed', async () => {
    const stale = await assertion(Buffer.alloc(32, 9));
    expect(await pay(() => passkeySignatureOf(stale, passkeyPoint))).toBe('signature_invalid');
  });

  // Authenticator data: the website's hash, flags, counter. Client data: type, challenge, origin, frame.
  it.each([
    ['authenticatorData', 0],
    ['authenticatorData', 32],
    ['authenticatorData', 36],
    ['clientDataJSON', 10],
    ['clientDataJSON', 40],
    ['clientDataJSON', 95],
    ['clientDataJSON', 120],
  ] as const)('of a passkey pay nothing when %s was changed at %d', async (part, at) => {
    expect(await pay(async (digest) => withPart(await assertion(digest), part, at))).toBe(
      'signature_invalid',
    );
  });

  it('of a passkey pay nothing from another website, though the authenticator signs there', async () => {
    const elsewhere = async (digest: Buffer) =>
      passkeySignatureOf(await otherPage.get(digest, credential.id), passkeyPoint);
    expect(otherPage.origin).not.toBe(page.origin);
    expect(await pay(elsewhere)).toBe('signature_invalid');
  });

  it('of a passkey pay nothing when the person was not verified', async () => {
    await browser.verifiesPeople(false);
    const unverified = async (digest: Buffer) => {
      const answer = await page.get(digest, credential.id, 'discouraged');
      expect(decoded(answer.authenticatorData).readUInt8(32) & 4).toBe(0);
      return passkeySignatureOf(answer, passkeyPoint);
    };
    expect(await pay(unverified)).toBe('signature_invalid');
    await browser.verifiesPeople(true);
  });

  it('of a passkey pay nothing when they were asked for to make a key', async () => {
    const key = createPrivateKey({ key: await browser.secret(), format: 'der', type: 'pkcs8' });
    const signedBy = async (digest: Buffer, type: 'webauthn.get' | 'webauthn.create') => {
      const { authenticatorData } = await assertion(digest);
      // What the browser wrote when the key was made, with this payment as the challenge.
      const client = decoded(credential.clientDataJSON)
        .toString()
        .replace(createChallenge.toString('base64url'), digest.toString('base64url'))
        .replace('webauthn.create', type);
      const auth = decoded(authenticatorData);
      const message = Buffer.concat([auth, createHash('sha256').update(client).digest()]);
      return { auth, client: Buffer.from(client), signature: normaliseP256(sign('sha256', message, key)) };
    };
    const proofOf = async (digest: Buffer, type: 'webauthn.get' | 'webauthn.create') => {
      const { auth, client, signature } = await signedBy(digest, type);
      const parts = { ...signature, ...passkeyPoint, authenticatorData: auth };
      if (type === 'webauthn.get') return passkeySignature({ ...parts, clientDataJSON: client });
      // The type is three letters longer, so the origin is not where it is looked for: lengths written by hand.
      const lengths = Buffer.alloc(6);
      [auth.length, client.length, page.origin.length].forEach((length, index) =>
        lengths.writeUInt16BE(length, 2 * index),
      );
      const words = [signature.r, signature.s, passkeyPoint.x, passkeyPoint.y].map((word) => fromHex(word));
      return toHex(Buffer.concat([Buffer.of(3), ...words, lengths, auth, client]));
    };
    expect(await pay((digest) => proofOf(digest, 'webauthn.create'))).toBe('signature_invalid');
    expect(await pay((digest) => proofOf(digest, 'webauthn.get'))).toBe('paid');
  });

  it('have a twin with a high s, which pays nothing', async () => {
    const twin = async (digest: Buffer) => {
      const bytes = fromHex(passkeySignatureOf(await assertion(digest), passkeyPoint));
      const s = P256_ORDER - BigInt(toHex(bytes.subarray(33, 65)));
      bytes.write(s.toString(16).padStart(64, '0'), 33, 'hex');
      return toHex(bytes);
    };
    expect(await pay(twin)).toBe('signature_invalid');
  });

  it('of a device pay up to its limit of the day, and cannot be taken out of the browser', async () => {
    expect(exported).toBe('no');
    const signed = async (digest: Buffer) => {
      const { signature } = await page.sign(digest);
      return deviceSignature({ ...normaliseP256(decoded(signature)), ...devicePoint });
    };
    const position = DEVICE;
    expect(await pay(signed, { position, amount: LIMIT + 1n })).toBe('device_limit_exceeded');
    expect(await pay(signed, { position, amount: LIMIT - 1n })).toBe('paid');
    expect(await pay(signed, { position, amount: 2n })).toBe('device_limit_exceeded');
    expect(await pay(signed, { position, amount: 1n })).toBe('paid');
    expect(await pay(signed, { position: PASSKEY, amount: 1n })).toBe('signature_invalid');
  });
});
