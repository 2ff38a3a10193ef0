import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { SigningKey, Wallet } from 'ethers';
import {
  accountOf,
  foundingBytes,
  deviceKeyId,
  deviceSignature,
  encodeKeyRing,
  keyRingHash,
  normaliseP256,
  passkeyKeyId,
  passkeySignature,
  passkeySignatureOf,
  pointOfSpki,
  proofWithRing,
  SignatureError,
  verifyOfficerSignature,
  verifyProof,
  verifySignature,
  walletKeyId,
  walletOfKeyId,
  walletSignature,
} from './index.js';
import { hexOf } from '../test/support/arbitraries.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const DIGEST = `0x${'ab'.repeat(32)}`;
const OTHER = `0x${'ac'.repeat(32)}`;
const NEVER = { rekeyed: false, keysHash: `0x${'00'.repeat(32)}` };
const RP_ID = 'jangteo.example';
const ORIGIN = 'https://pay.jangteo.example';

const secret = new SigningKey(`0x${'42'.repeat(32)}`);
const walletAddress = new Wallet(secret).address.toLowerCase();
const walletSigned = walletSignature(secret.sign(DIGEST).serialized);

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const point = pointOfSpki(pair.publicKey.export({ format: 'der', type: 'spki' }));
const bytesOf = (hex: string) => Buffer.from(hex.slice(2), 'hex');
const hexOfBytes = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;

function p256(message: Uint8Array, key: KeyObject = pair.privateKey) {
  return normaliseP256(sign('sha256', message, key));
}
const deviceSigned = deviceSignature({ ...p256(bytesOf(DIGEST)), ...point });

interface Assertion {
  readonly digest?: string;
  readonly type?: string;
  readonly origin?: string;
  readonly tail?: string;
  readonly flags?: number;
}

/** What an authenticator and a browser make of a challenge. */
function assertionParts({ digest = DIGEST, type = 'webauthn.get', origin = ORIGIN, ...rest }: Assertion) {
  const challenge = bytesOf(digest).toString('base64url');
  const tail = rest.tail ?? ',"crossOrigin":false}';
  const client = Buffer.from(`{"type":"${type}","challenge":"${challenge}","origin":"${origin}"${tail}`);
  const rpIdHash = createHash('sha256').update(RP_ID).digest();
  const auth = Buffer.concat([rpIdHash, Buffer.of(rest.flags ?? 0x1d, 0, 0, 0, 7)]);
  const message = Buffer.concat([auth, createHash('sha256').update(client).digest()]);
  return { client, auth, der: sign('sha256', message, pair.privateKey) };
}

function passkeySigned(assertion: Assertion): string {
  const { client, auth, der } = assertionParts(assertion);
  return passkeySignature({
    ...normaliseP256(der),
    ...point,
    authenticatorData: auth,
    clientDataJSON: client,
  });
}

describe('a wallet', () => {
  it('signs any digest, and its key id is its address', () => {
    fc.assert(
      fc.property(hexOf(32), (digest) => {
        const signature = walletSignature(secret.sign(digest).serialized);
        expect(verifySignature(digest, signature)).toEqual({
          kind: 'wallet',
          keyId: walletKeyId(walletAddress),
          length: 65,
        });
      }),
      { numRuns: 30 },
    );
    expect(walletOfKeyId(walletKeyId(walletAddress))).toBe(walletAddress);
    expect(walletOfKeyId(deviceKeyId(point))).toBeNull();
  });
});

describe('a device', () => {
  it('signs any digest by ECDSA with SHA-256', () => {
    fc.assert(
      fc.property(hexOf(32), (digest) => {
        const signature = deviceSignature({ ...p256(bytesOf(digest)), ...point });
        expect(verifySignature(digest, signature)).toEqual({
          kind: 'device',
          keyId: deviceKeyId(point),
          length: 129,
        });
        expect(verifySignature(OTHER, signature)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('does not verify with a high s, another point, or no point of the curve', () => {
    const { r, s } = p256(bytesOf(DIGEST));
    const high = `0x${(ORDER - BigInt(s)).toString(16).padStart(64, '0')}`;
    const swapped = { x: point.y, y: point.x };
    const zero = { x: `0x${'00'.repeat(32)}`, y: `0x${'00'.repeat(32)}` };
    expect(verifySignature(DIGEST, deviceSignature({ r, s: high, ...point }))).toBeNull();
    expect(verifySignature(DIGEST, deviceSignature({ r, s, ...swapped }))).toBeNull();
    expect(verifySignature(DIGEST, deviceSignature({ r, s, ...zero }))).toBeNull();
    expect(verifySignature(DIGEST, deviceSignature({ r: zero.x, s, ...point }))).toBeNull();
    expect(verifySignature(DIGEST, deviceSignature({ r, s: zero.x, ...point }))).toBeNull();
  });
});

describe('a passkey', () => {
  const id = passkeyKeyId(point, RP_ID, ORIGIN);

  it('signs a challenge for its website', () => {
    const signature = passkeySigned({});
    expect(verifySignature(DIGEST, signature)).toEqual({
      kind: 'passkey',
      keyId: id,
      length: bytesOf(signature).length,
    });
  });

  it('is read from what a browser answers', () => {
    const { client, auth, der } = assertionParts({});
    const response = {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: auth.toString('base64url'),
      signature: der.toString('base64url'),
    };
    expect(verifySignature(DIGEST, passkeySignatureOf(response, point))?.keyId).toBe(id);
    expect(() => passkeySignatureOf({ ...response, signature: '?' }, point)).toThrow(SignatureError);
  });

  it('is another key on another website', () => {
    const elsewhere = verifySignature(DIGEST, passkeySigned({ origin: 'https://jangteo.evil' }));
    expect(elsewhere?.kind).toBe('passkey');
    expect(elsewhere?.keyId).not.toBe(id);
  });

  it.each([
    ['the user was not verified', { flags: 0x01 }],
    ['the user was not present', { flags: 0x04 }],
    ['it is backed up and may not be', { flags: 0x15 }],
    ['it was made at registration', { type: 'webauthn.new' }],
    ['the challenge is another', { digest: OTHER }],
    ['it was shown in a foreign frame', { tail: ',"crossOrigin":true}' }],
  ])('does not verify when %s', (_what, assertion) => {
    const builds = () => passkeySigned(assertion);
    expect(verifySignature(DIGEST, builds())).toBeNull();
  });

  it('verifies with a longer tail, and with a key that may be backed up and is not', () => {
    const tail = ',"crossOrigin":false,"other":"keys may be added here"}';
    expect(verifySignature(DIGEST, passkeySigned({ tail }))?.keyId).toBe(id);
    expect(verifySignature(DIGEST, passkeySigned({ flags: 0x0d }))?.keyId).toBe(id);
    expect(verifySignature(DIGEST, passkeySigned({ flags: 0x05 }))?.keyId).toBe(id);
  });

  it('is refused when its client data are laid out otherwise', () => {
    const odd = {
      ...normaliseP256(sign('sha256', Buffer.of(1), pair.privateKey)),
      ...point,
      authenticatorData: Buffer.alloc(37),
      clientDataJSON: Buffer.from('{"origin":"x","type":"webauthn.get"}'),
    };
    expect(() => passkeySignature(odd)).toThrow(SignatureError);
  });
});

describe('every change of a signature', () => {
  it.each([
    ['wallet', walletSigned],
    ['device', deviceSigned],
    ['passkey', passkeySigned({})],
  ])('of a %s, no other bytes are the same key’s', (_kind, signature) => {
    const signed = verifySignature(DIGEST, signature);
    const bytes = bytesOf(signature);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const spoiled = Buffer.from(bytes);
        spoiled.writeUInt8(spoiled.readUInt8(at) ^ change, at);
        expect(verifySignature(DIGEST, spoiled)?.keyId).not.toBe(signed?.keyId);
        expect(verifySignature(DIGEST, bytes.subarray(0, at))).toBeNull();
      }),
    );
  });

  it.each(['', '0x', '0xzz', '0x00', `0x04${'00'.repeat(200)}`, `0x03${'ff'.repeat(300)}`])(
    'no key is found in %s',
    (bad) => {
      expect(verifySignature(DIGEST, bad)).toBeNull();
      expect(verifySignature(bad, walletSigned)).toBeNull();
    },
  );
});

describe('a proof', () => {
  const keys = [
    { right: 'owner' as const, id: passkeyKeyId(point, RP_ID, ORIGIN) },
    { right: 'device' as const, id: deviceKeyId(point) },
    { right: 'owner' as const, id: walletKeyId(walletAddress) },
  ];
  const ring = { dailyLimit: 30_000n, keys };
  const encoded = encodeKeyRing(ring);
  const FOUNDING = { authority: '47130', role: 'merchant', salt: `0x${'5a'.repeat(32)}` } as const;
  const founding = foundingBytes(FOUNDING);
  const account = accountOf(FOUNDING, encoded);
  const rekeyed = { rekeyed: true, keysHash: keyRingHash(encoded) };

  it('of a wallet counts for its own address until other keys are set', () => {
    expect(verifyProof(DIGEST, walletAddress, walletSigned, NEVER)).toMatchObject({ right: 'owner' });
    expect(
      verifyProof(DIGEST, walletAddress.toUpperCase().replace('0X', '0x'), walletSigned, NEVER),
    ).not.toBeNull();
    expect(verifyProof(DIGEST, walletAddress, walletSigned, rekeyed)).toBeNull();
    expect(verifyProof(DIGEST, account, walletSigned, NEVER)).toBeNull();
    expect(verifyProof(OTHER, walletAddress, walletSigned, NEVER)).toBeNull();
    expect(verifyProof(DIGEST, walletAddress, `${walletSigned}00`, NEVER)).toBeNull();
    expect(verifyProof(DIGEST, accountOf(FOUNDING, '0x12'), deviceSigned, NEVER)).toBeNull();
  });

  it.each([
    ['passkey', passkeySigned({}), 0, 'owner'],
    ['device', deviceSigned, 1, 'device'],
    ['wallet', walletSigned, 2, 'owner'],
  ])('of a %s gives the right that the ring says', (kind, signature, position, right) => {
    const proof = proofWithRing(signature, position, ring, founding);
    const changed = proofWithRing(signature, position, ring);
    const wanted = { right, dailyLimit: 30_000n, keyId: keys[position]?.id, kind };
    expect(verifyProof(DIGEST, account, proof, NEVER)).toEqual(wanted);
    expect(verifyProof(DIGEST, `0x${'77'.repeat(20)}`, changed, rekeyed)).toEqual(wanted);
    // The founding belongs to the first ring alone.
    expect(verifyProof(DIGEST, account, changed, NEVER)).toBeNull();
    expect(verifyProof(DIGEST, account, proof, rekeyed)).toBeNull();
    expect(verifyProof(DIGEST, account, proof, { rekeyed: true, keysHash: DIGEST })).toBeNull();
    expect(verifyProof(DIGEST, walletAddress, proof, NEVER)).toBeNull();
    for (const other of [0, 1, 2, 3, 255].filter((place) => place !== position)) {
      expect(
        verifyProof(DIGEST, account, proofWithRing(signature, other, encoded, founding), NEVER),
      ).toBeNull();
    }
  });

  it('of an account that another authority, role or salt has is refused', () => {
    const proof = proofWithRing(deviceSigned, 1, ring, founding);
    for (const other of [
      { ...FOUNDING, authority: '47190' },
      { ...FOUNDING, role: 'resident' as const },
      { authority: '47130', role: 'merchant' as const },
    ]) {
      expect(verifyProof(DIGEST, accountOf(other, ring), proof, NEVER)).toBeNull();
      const own = proofWithRing(deviceSigned, 1, ring, foundingBytes(other));
      expect(verifyProof(DIGEST, accountOf(other, ring), own, NEVER)).toMatchObject({ right: 'device' });
      expect(verifyProof(DIGEST, account, own, NEVER)).toBeNull();
    }
  });

  it('with a ring that is cut, longer, or without a right at the key is refused', () => {
    for (const bad of [
      encoded.slice(0, -2),
      `${encoded}00`,
      `${encoded.slice(0, 10)}00${encoded.slice(12)}`,
    ]) {
      const proof = proofWithRing(passkeySigned({}), 0, bad, founding);
      expect(verifyProof(DIGEST, accountOf(FOUNDING, bad), proof, NEVER)).toBeNull();
    }
    expect(() => proofWithRing(walletSigned, 256, ring)).toThrow(RangeError);
  });
});

describe('an officer’s signature', () => {
  const keys = [walletKeyId(walletAddress), deviceKeyId(point)];

  it('is by one of the officer’s keys, with no bytes after it', () => {
    expect(verifyOfficerSignature(DIGEST, walletSigned, keys)).toBe(keys[0]);
    expect(verifyOfficerSignature(DIGEST, deviceSigned, keys)).toBe(keys[1]);
    expect(verifyOfficerSignature(DIGEST, passkeySigned({}), keys)).toBeNull();
    expect(verifyOfficerSignature(DIGEST, `${walletSigned}00`, keys)).toBeNull();
    expect(verifyOfficerSignature(OTHER, walletSigned, keys)).toBeNull();
    expect(verifyOfficerSignature(DIGEST, 'nonsense', keys)).toBeNull();
  });
});

describe('normaliseP256', () => {
  it('reads DER and r ‖ s alike, and lowers s', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (message) => {
        const raw = sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
        const { r, s } = normaliseP256(raw);
        expect(r).toBe(hexOfBytes(raw.subarray(0, 32)));
        expect(BigInt(s) <= ORDER / 2n).toBe(true);
        expect([BigInt(s), ORDER - BigInt(s)]).toContain(BigInt(hexOfBytes(raw.subarray(32))));
        const signature = deviceSignature({
          ...normaliseP256(sign('sha256', bytesOf(DIGEST), pair.privateKey)),
          ...point,
        });
        expect(verifySignature(DIGEST, signature)).not.toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it.each(['', '30', `3044${'00'.repeat(68)}`, '00'.repeat(64), 'ff'.repeat(64), '00'.repeat(65)])(
    'refuses %s',
    (bad) => {
      expect(() => normaliseP256(Buffer.from(bad, 'hex'))).toThrow(SignatureError);
    },
  );

  it('pointOfSpki refuses what is no P-256 key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    expect(() => pointOfSpki(other.export({ format: 'der', type: 'spki' }))).toThrow(RangeError);
    expect(() => pointOfSpki(Buffer.of(1, 2, 3))).toThrow(RangeError);
  });
});
