import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCreateAddress, Interface, JsonRpcProvider } from 'ethers';
import { LocalSigner } from '#node';
import { projectRoot } from '#platform';
import { Json } from '../../test/support/json.js';

export const tokenInterface = new Interface([
  'constructor(address carrier)',
  'function endow(address[] holders, uint256 each)',
  'function transferFrom(address from, address to, uint256 amount) returns (bool)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]);

const HOLDERS_PER_CALL = 100;
const GAS = 2 ** 24;
const WAIT_MS = 60_000;

interface Solc {
  compile(input: string, options: { import(file: string): { contents: string } | { error: string } }): string;
}

/** Deploys the token and gives every holder as much, through the node's public port. @returns its address */
export async function deployToken(
  chainUrl: string,
  carrier: string,
  holders: readonly string[],
  each: bigint,
): Promise<string> {
  const provider = new JsonRpcProvider(chainUrl, undefined, { staticNetwork: true, polling: true });
  try {
    const chainId = Number((await provider.getNetwork()).chainId);
    const deployer = new LocalSigner(`0x${Buffer.from('baseline deployer'.padEnd(32, '.')).toString('hex')}`);
    const address = getCreateAddress({ from: deployer.address, nonce: 0 }).toLowerCase();
    const code = bytecode() + tokenInterface.encodeDeploy([carrier]).slice(2);
    const calls = [{ to: '0x', data: code }];
    for (let start = 0; start < holders.length; start += HOLDERS_PER_CALL) {
      const some = holders.slice(start, start + HOLDERS_PER_CALL);
      calls.push({ to: address, data: tokenInterface.encodeFunctionData('endow', [some, each]) });
    }
    let last = '';
    for (const [nonce, call] of calls.entries()) {
      const { raw, hash } = await deployer.signTransaction({ ...call, chainId, nonce, gasLimit: GAS });
      await provider.send('eth_sendRawTransaction', [raw]);
      last = hash;
    }
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(100)) {
      const receipt = await provider.getTransactionReceipt(last);
      if (receipt?.status === 1) return address;
    }
    throw new Error('the baseline token was not deployed');
  } finally {
    provider.destroy();
  }
}

/** Compiled as our own contracts are: optimiser on, 200 runs or more make no difference for a transfer. */
function bytecode(): string {
  const require = createRequire(import.meta.url);
  const solc: Solc = require('solc');
  const name = 'BaselineToken.sol';
  const content = readFileSync(path.join(projectRoot(), 'bench', 'baseline', name), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [name]: { content } },
    settings: {
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { '*': { '*': ['evm.bytecode'] } },
    },
  };
  const output = new Json(
    JSON.parse(
      solc.compile(JSON.stringify(input), {
        import: (file) => ({
          contents: readFileSync(path.join(projectRoot(), 'node_modules', file), 'utf8'),
        }),
      }),
    ),
  );
  const code = output.at('contracts', name, 'BaselineToken', 'evm', 'bytecode', 'object');
  if (!code.present)
    throw new Error(`the baseline token does not compile: ${JSON.stringify(output.value).slice(0, 500)}`);
  return `0x${code.text()}`;
}
