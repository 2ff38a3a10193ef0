import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Wallet, isAddress } from 'ethers';
import { BAND_END, roleBits, walletKeyId, type AuthorityThresholds, type OfficerEntry } from '#contracts';
import { OFFICER_ROLES } from '#domain';

/** An officer of the state authority as the genesis file names it. The key is there only on embedded platforms. */
export interface GenesisOfficer {
  readonly id: number;
  readonly roles: number;
  readonly address: string;
  readonly privateKey?: string;
}

const FILE_NAME = 'genesis-officers.json';
const OFFICERS = 3;

/** Two people for everything that founds or pays, one registrar. */
export const GENESIS_THRESHOLDS: AuthorityThresholds = {
  governors: 2,
  registrars: 1,
  bands: [{ upTo: BAND_END, officers: 2 }],
};

/**
 * The state's first officers: from the file the operator names, else keys made once for an embedded platform and
 * kept in its home (readable by its owner alone).
 *
 * @throws Error that names the wrong entry
 */
export async function genesisOfficers(home: string, file?: string): Promise<GenesisOfficer[]> {
  if (file !== undefined) return parseOfficers(await readFile(file, 'utf8'), file);
  const own = path.join(home, FILE_NAME);
  const known = await readFile(own, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known !== undefined) return parseOfficers(known, own);
  const officers = Array.from({ length: OFFICERS }, (_, index) => {
    const wallet = Wallet.createRandom();
    return {
      id: index + 1,
      roles: roleBits(OFFICER_ROLES),
      address: wallet.address.toLowerCase(),
      privateKey: wallet.privateKey,
    };
  });
  await writeFile(own, `${JSON.stringify(officers, null, 2)}\n`, { mode: 0o600 });
  await chmod(own, 0o600);
  return officers;
}

/** What the contract wants to know of them. */
export function officerEntries(officers: readonly GenesisOfficer[]): OfficerEntry[] {
  return officers.map(({ id, address, roles }) => ({ id, roles, keys: [walletKeyId(address)] }));
}

function parseOfficers(text: string, file: string): GenesisOfficer[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error(`${file}: expected a list of officers`);
  return value.map((entry: unknown, index) => {
    const at = `${file}: officer ${index + 1}`;
    if (typeof entry !== 'object' || entry === null) throw new Error(`${at}: expected an object`);
    const { id, roles, address, privateKey } = entry as Record<string, unknown>;
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 1)
      throw new Error(`${at}: id must be 1 or more`);
    if (typeof roles !== 'number' || roles < 1 || roles > 7)
      throw new Error(`${at}: roles must be a bit set, 1 to 7`);
    if (typeof address !== 'string' || !isAddress(address))
      throw new Error(`${at}: address is not an address`);
    if (privateKey === undefined) return { id, roles, address: address.toLowerCase() };
    if (typeof privateKey !== 'string') throw new Error(`${at}: privateKey must be hex`);
    return { id, roles, address: address.toLowerCase(), privateKey };
  });
}
