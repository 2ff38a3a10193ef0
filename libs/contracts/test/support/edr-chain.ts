import { BrowserProvider, Wallet, type TransactionReceipt } from 'ethers';
import { network } from 'hardhat';
import { deployContracts, roleBits, type Deployment, type Hex, type OfficerEntry } from '../../src/index.js';

/** What one transaction may use since Osaka (EIP-7825). */
const TRANSACTION_GAS = 2 ** 24;

/** Everything about this chain is fixed, so that calldata and with it gas are the same in every run. */
const START = new Date('2026-03-02T00:00:00Z');

/** Unix seconds at which the chain begins. */
export const CHAIN_START = START.getTime() / 1000;

/** Officers 1 and 2 govern, 3 and 4 keep the treasury, 5 and 6 the register; the same people everywhere. */
export const officers = [1, 2, 3, 4, 5, 6].map((id) => ({
  id,
  wallet: new Wallet(`0x${id.toString(16).padStart(64, '0')}`),
}));

/** The officers as the contract wants them. */
export function crew(): OfficerEntry[] {
  return officers.map(({ id, wallet }) => ({
    id,
    signer: wallet.address,
    roles: roleBits([id <= 2 ? 'governor' : id <= 4 ? 'treasurer' : 'registrar']),
  }));
}

/** Two officers for everything but the register, which one keeps. */
export const thresholds = { governors: 2, registrars: 1, bands: [{ upTo: 2n ** 64n - 1n, officers: 2 }] };

/** A chain in this process with the contracts on it. */
export interface EdrChain {
  readonly provider: BrowserProvider;
  readonly deployment: Deployment;
  /** Brings calldata in a transaction of its own; throws when it reverts. */
  send(to: Hex, data: Hex): Promise<TransactionReceipt>;
  close(): Promise<void>;
}

/** Opens Hardhat's network with Osaka's rules, price zero, and deploys the contracts. */
export async function openEdrChain(): Promise<EdrChain> {
  const connection = await network.create({
    override: {
      chainId: 4_747,
      hardfork: 'osaka',
      initialDate: START,
      initialBaseFeePerGas: 0,
      blockGasLimit: 150_000_000,
      transactionGasCap: TRANSACTION_GAS,
      throwOnTransactionFailures: false,
    },
  });
  const provider = new BrowserProvider(connection.provider, 4_747, { cacheTimeout: -1, staticNetwork: true });
  const relayer = new Wallet(`0x${'77'.repeat(32)}`, provider);
  const deployment = await deployContracts({
    provider,
    signer: relayer,
    officers: crew(),
    thresholds,
    salt: `0x${'5a'.repeat(32)}`,
  });
  let nonce = 2;
  return {
    provider,
    deployment,
    send: async (to, data) => {
      const raw = await relayer.signTransaction({
        type: 0,
        chainId: 4_747,
        nonce,
        gasPrice: 0,
        gasLimit: TRANSACTION_GAS,
        to,
        data,
      });
      nonce += 1;
      const { hash } = await provider.broadcastTransaction(raw);
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt?.status !== 1) throw new Error(`transaction ${hash} failed`);
      return receipt;
    },
    close: async () => {
      provider.destroy();
      await connection.close();
    },
  };
}
