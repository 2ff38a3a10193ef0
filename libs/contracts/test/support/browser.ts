import { createServer, type Server } from 'node:http';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import type { AssertionResponseJson } from '../../src/index.js';

const STEP_MS_MAX = 20_000;

/** What a web wallet does with its keys, in the words of WebAuthn and WebCrypto. Binary values go as base64url. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>wallet</title><script>
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const bytes = (base64url) => Uint8Array.from(
    atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  // A key that can't be taken out can be kept all the same: in the browser's own store.
  const keys = async (mode, use) => {
    const opening = indexedDB.open('wallet', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
    const db = await done(opening);
    return done(use(db.transaction('keys', mode).objectStore('keys')));
  };
  const wallet = {
    async create(challenge) {
      const { rawId, response } = await navigator.credentials.create({ publicKey: {
        challenge: bytes(challenge),
        rp: { id: 'localhost', name: 'wallet' },
        user: { id: new Uint8Array(16), name: 'resident', displayName: 'resident' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      } });
      return {
        id: text(rawId),
        spki: text(response.getPublicKey()),
        clientDataJSON: text(response.clientDataJSON),
      };
    },
    async get(challenge, id, userVerification) {
      const { response } = await navigator.credentials.get({ publicKey: {
        challenge: bytes(challenge),
        rpId: 'localhost',
        allowCredentials: [{ type: 'public-key', id: bytes(id) }],
        userVerification,
      } });
      return {
        authenticatorData: text(response.authenticatorData),
        clientDataJSON: text(response.clientDataJSON),
        signature: text(response.signature),
      };
    },
    async device() {
      const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      await keys('readwrite', (store) => store.put(pair, 'device'));
      const exported = await crypto.subtle.exportKey('pkcs8', pair.privateKey).then(() => 'yes', () => 'no');
      return { spki: text(await crypto.subtle.exportKey('spki', pair.publicKey)), exported };
    },
    async sign(digest) {
      const { privateKey } = await keys('readonly', (store) => store.get('device'));
      const terms = { name: 'ECDSA', hash: 'SHA-256' };
      return { signature: text(await crypto.subtle.sign(terms, privateKey, bytes(digest))) };
    },
  };
</script>`;

/** A page of a web wallet on an origin of its own. */
export class WalletPage {
  private constructor(
    readonly origin: string,
    private readonly page: Page,
    private readonly server: Server,
  ) {}

  static async open(browserPage: Page): Promise<WalletPage> {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new WalletPage(`http://localhost:${address.port}`, browserPage, server);
  }

  /** Makes a passkey; no signature covers the challenge. */
  create(challenge: Buffer) {
    return this.ask('create', ['id', 'spki', 'clientDataJSON'], [challenge.toString('base64url')]);
  }

  async get(challenge: Buffer, id: string, verification = 'required'): Promise<AssertionResponseJson> {
    const names = ['authenticatorData', 'clientDataJSON', 'signature'] as const;
    return this.ask('get', names, [challenge.toString('base64url'), id, verification]);
  }

  /** Makes a key that stays in the browser; `exported` is true if the browser lets it be exported. */
  device() {
    return this.ask('device', ['spki', 'exported'], []);
  }

  sign(digest: Buffer) {
    return this.ask('sign', ['signature'], [digest.toString('base64url')]);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** Calls a function of the page; its answer has exactly these texts. */
  private async ask<Name extends string>(
    method: string,
    names: readonly Name[],
    args: readonly string[],
  ): Promise<Record<Name, string>> {
    if (new URL(this.page.url()).origin !== this.origin) await this.page.goto(this.origin);
    const answer: unknown = await this.page.evaluate(
      `wallet.${method}(${args.map((argument) => JSON.stringify(argument)).join(', ')})`,
    );
    const values = new Map<string, unknown>(Object.entries(answer ?? {}));
    const texts = names.map((name) => {
      const value = values.get(name);
      if (typeof value !== 'string') throw new Error(`the page returned no ${name}`);
      return [name, value] as const;
    });
    return Object.fromEntries(texts) as Record<Name, string>;
  }
}

/** A browser with an authenticator that always says yes. */
export class WalletBrowser {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  static async launch(executablePath: string): Promise<WalletBrowser> {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: STEP_MS_MAX });
    const page = await browser.newPage();
    page.setDefaultTimeout(STEP_MS_MAX);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new WalletBrowser(browser, page, cdp, authenticatorId);
  }

  /** Whether the person before the authenticator shows a face or finger that it knows. */
  async verifiesPeople(isUserVerified: boolean): Promise<void> {
    await this.cdp.send('WebAuthn.setUserVerified', {
      authenticatorId: this.authenticatorId,
      isUserVerified,
    });
  }

  /** PKCS #8 of the only passkey, which no real authenticator exports. */
  async secret(): Promise<Buffer> {
    const { authenticatorId } = this;
    const { credentials } = await this.cdp.send('WebAuthn.getCredentials', { authenticatorId });
    return Buffer.from(credentials[0]?.privateKey ?? '', 'base64');
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
