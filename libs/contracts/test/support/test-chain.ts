import { BrowserProvider, keccak256, Wallet, type JsonRpcApiProvider, type TransactionReceipt } from 'ethers';
import {
  deployContracts,
  roleBits,
  walletKeyId,
  type Deployment,
  type Hex,
  type OfficerEntry,
  type Role,
} from '../../src/index.js';

/** What one transaction may use since Osaka (EIP-7825). */
export const TRANSACTION_GAS = 2 ** 24;

/** The same on every chain, so that digests and ids are. */
export const CHAIN_ID = 4_747;

/** Everything about this chain is fixed, so that calldata and with it gas are the same in every run. */
const START = new Date('2026-03-02T00:00:00Z');

/** Unix seconds at which the chain begins. */
export const CHAIN_START = START.getTime() / 1000;

/**
 * Officers 1, 2 and 7 govern, 3, 4 and 8 keep the treasury, 5 and 6 the register; the same people everywhere. Each role has
 * one more than it needs.
 */
export const officers = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => ({
  id,
  wallet: new Wallet(`0x${id.toString(16).padStart(64, '0')}`),
}));

const ROLE_OF: readonly Role[] = [
  ...(['governor', 'governor', 'treasurer', 'treasurer', 'registrar', 'registrar'] as const),
  ...(['governor', 'treasurer'] as const),
];

/** The officers as the contract wants them. */
export function crew(): OfficerEntry[] {
  return officers.map(({ id, wallet }) => ({
    id,
    roles: roleBits([ROLE_OF[id - 1] ?? 'registrar']),
    keys: [walletKeyId(wallet.address)],
  }));
}

/** Two officers for everything but the register, which one keeps. */
export const thresholds = { governors: 2, registrars: 1, bands: [{ upTo: 2n ** 64n - 1n, officers: 2 }] };

/** A chain with the contracts on it, whose clock stands still between transactions. */
export interface TestChain {
  readonly provider: JsonRpcApiProvider;
  readonly deployment: Deployment;
  /** Unix seconds of the newest block; calls are answered as of then. */
  now(): number;
  /** Unix seconds of the next transaction. */
  next(): number;
  /** The next transaction will be at this moment, which must be later than now(). */
  at(time: number): void;
  /** Submits calldata in a transaction and block of its own, a second after the last; throws when it reverts. */
  send(to: Hex, data: Hex, from?: Wallet): Promise<TransactionReceipt>;
  close(): Promise<void>;
}

/** Something that mines a raw transaction in a block of its own at a given moment. */
export interface Miner {
  readonly provider: JsonRpcApiProvider;
  include(raw: Hex, time: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** Deploys the contracts at CHAIN_START. */
export async function openChain(miner: Miner): Promise<TestChain> {
  const { provider } = miner;
  const relayer = new Wallet(`0x${'77'.repeat(32)}`, provider);
  let now = CHAIN_START;
  let next: number | undefined;
  const include = async (raw: Hex) => {
    const time = next ?? now + 1;
    await miner.include(raw, time);
    now = time;
    next = undefined;
  };
  const deployment = await deployContracts({
    provider,
    signer: relayer,
    send: include,
    officers: crew(),
    thresholds,
    salt: `0x${'5a'.repeat(32)}`,
  });
  const nonces = new Map([[relayer.address, await provider.getTransactionCount(relayer.address)]]);
  return {
    provider,
    deployment,
    now: () => now,
    next: () => next ?? now + 1,
    at: (time) => {
      next = time;
    },
    send: async (to, data, from = relayer) => {
      const nonce = nonces.get(from.address) ?? 0;
      const terms = { type: 0, chainId: CHAIN_ID, nonce, gasPrice: 0, gasLimit: TRANSACTION_GAS };
      const raw = await from.signTransaction({ ...terms, to, data });
      nonces.set(from.address, nonce + 1);
      await include(raw);
      const hash = keccak256(raw);
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt?.status !== 1) throw new Error(`transaction ${hash} failed after ${receipt?.gasUsed} gas`);
      return receipt;
    },
    close: () => miner.stop(),
  };
}

/** Hardhat's EDR in this process with Osaka's rules, price zero. */
export async function openEdrChain(): Promise<TestChain> {
  // Hardhat loads its parts side by side, and Jest loses track of a module that several of them want: load it before.
  await import('zod');
  const { network } = await import('hardhat');
  const connection = await network.create({
    override: {
      chainId: CHAIN_ID,
      hardfork: 'osaka',
      initialDate: START,
      initialBaseFeePerGas: 0,
      blockGasLimit: 150_000_000,
      transactionGasCap: TRANSACTION_GAS,
      throwOnTransactionFailures: false,
    },
  });
  const provider = new BrowserProvider(connection.provider, CHAIN_ID, {
    cacheTimeout: -1,
    staticNetwork: true,
  });
  return openChain({
    provider,
    include: async (raw, time) => {
      await provider.send('evm_setNextBlockTimestamp', [time]);
      await provider.send('eth_sendRawTransaction', [raw]);
    },
    stop: async () => {
      provider.destroy();
      await connection.close();
    },
  });
}
