import { hkdfSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { decryptKeystoreJson, encryptKeystoreJson, Wallet } from 'ethers';
import { createFileDurably, OperatorError, readTextIfPresent } from '#platform';
import { LocalSigner } from './signer.js';

/**
 * Cost of guessing one password: 2^13 is about 50 ms and 8 MB. Moderate, because the generated password has 256
 * random bits and needs no stretching; whoever sets a password of their own should take a long one.
 */
const SCRYPT = { N: 2 ** 13, r: 8, p: 1 };
const NAME = /^[a-z][a-z0-9-]{0,40}$/;

export interface KeystoreOptions {
  /** Folder of the installation (JANGTEO_HOME); keys live in `keys/` below it. */
  readonly home: string;
  /** JANGTEO_KEYSTORE_PASSWORD; without it a random one is generated once into `keys/password`, mode 0600. */
  readonly password?: string | undefined;
}

/**
 * Keys of this installation by name, each in an encrypted JSON file (Web3 Secret Storage v3, readable by every
 * wallet). A name that is asked for the first time gets a new key. Relayer keys have no power on chain: anybody
 * may submit an authorisation, so a stolen one costs gas that is free.
 */
export class Keystore {
  private constructor(
    private readonly folder: string,
    private readonly password: string,
  ) {}

  static async open(options: KeystoreOptions): Promise<Keystore> {
    const folder = path.join(options.home, 'keys');
    return new Keystore(folder, options.password ?? (await generatedPassword(folder)));
  }

  /** The key as a signer of relayed transactions. */
  async signer(name: string): Promise<LocalSigner> {
    return new LocalSigner((await this.wallet(name)).privateKey);
  }

  /** Signers `<name>-1` … `<name>-<count>`. */
  async signers(name: string, count: number): Promise<LocalSigner[]> {
    const found: LocalSigner[] = [];
    for (let index = 1; index <= count; index++) found.push(await this.signer(`${name}-${index}`));
    return found;
  }

  /**
   * The key as an ethers wallet (typed data, deployment).
   * @throws OperatorError when the file cannot be opened with the password
   */
  async wallet(name: string): Promise<Wallet> {
    if (!NAME.test(name)) throw new RangeError(`not a name of a key: ${name.slice(0, 50)}`);
    const file = path.join(this.folder, `${name}.json`);
    const text = await readTextIfPresent(file);
    if (text === undefined) return this.create(file);
    try {
      return new Wallet((await decryptKeystoreJson(text, this.password)).privateKey);
    } catch {
      throw new OperatorError(
        `the key ${file} cannot be opened: is JANGTEO_KEYSTORE_PASSWORD the password it was made with?`,
      );
    }
  }

  /**
   * 32 bytes for a cipher, derived from the key of this name: whoever has the bytes does not have the key.
   * @throws OperatorError when the file cannot be opened with the password
   */
  async secret(name: string): Promise<Buffer> {
    const { privateKey } = await this.wallet(name);
    return Buffer.from(
      hkdfSync('sha256', Buffer.from(privateKey.slice(2), 'hex'), '', `jangteo ${name}`, 32),
    );
  }

  private async create(file: string): Promise<Wallet> {
    const wallet = new Wallet(`0x${randomBytes(32).toString('hex')}`);
    const account = { address: wallet.address, privateKey: wallet.privateKey };
    const sealed = await encryptKeystoreJson(account, this.password, { scrypt: SCRYPT });
    // Another process of this installation may have made the key meanwhile: then that one is the key.
    return (await createFileDurably(file, sealed)) ? wallet : this.wallet(path.basename(file, '.json'));
  }
}

async function generatedPassword(folder: string): Promise<string> {
  const file = path.join(folder, 'password');
  const known = await readTextIfPresent(file);
  if (known !== undefined && known.trim() !== '') return known.trim();
  const password = randomBytes(32).toString('base64url');
  if (await createFileDurably(file, `${password}\n`)) return password;
  if (known === undefined) return generatedPassword(folder);
  throw new OperatorError(
    `${file} is empty, so the keys beside it cannot be opened. Restore it from a backup.`,
  );
}
