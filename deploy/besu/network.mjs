/**
 * Makes the files of a Besu network with QBFT consensus. No key is in the repository: each validator makes its own.
 *
 *   node deploy/besu/network.mjs key <folder> <host> [port]     one validator: key and its public address (enode)
 *   node deploy/besu/network.mjs genesis <folder> <enode>…      genesis and list of nodes from public addresses alone
 *   node deploy/besu/network.mjs local [folder]                 both, for the four validators of compose.yaml
 *
 * CHAIN_ID (default 474747) goes into the genesis. Files that exist are never overwritten: a chain that lost its
 * genesis or a validator that lost its key cannot be made again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { computeAddress, encodeRlp, hexlify, randomBytes, SigningKey } from 'ethers';

const VALIDATORS_MIN = 4;
const P2P_PORT = 30_303;
const GAS_LIMIT = 100_000_000;
/** A round value of QBFT's own in every header's mix hash. */
const MIX_HASH = '0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365';
/**
 * Contracts that blocks since Cancun and Prague call: beacon roots, block hashes, withdrawals, consolidations. Without
 * code at the last two a block is invalid (EIP-7002, EIP-7251). There is no beacon chain here, so they stop at once
 * (STOP), which means "no requests".
 */
const SYSTEM_CONTRACTS = [
  '000f3df6d732807ef1319fb7b8bb8522d0beac02',
  '0000f90827f1c53a10cb7a02335b175320002935',
  '00000961ef480eb55e80d19ad83579a64c007002',
  '0000bbddc7ce488642fb579f8b00f3a590007251',
];
const COMPOSE_HOSTS = ['172.30.47.11', '172.30.47.12', '172.30.47.13', '172.30.47.14'];

/** Makes a validator's key, readable by its owner alone. Returns its enode. */
export function makeKey(folder, host, port = P2P_PORT) {
  const key = new SigningKey(hexlify(randomBytes(32)));
  mkdirSync(folder, { recursive: true });
  writeNew(path.join(folder, 'key'), `${key.privateKey}\n`, 0o600);
  // Without the leading 04 of an uncompressed point.
  const enode = `enode://${key.publicKey.slice(4)}@${host}:${port}`;
  writeNew(path.join(folder, 'enode'), `${enode}\n`);
  return enode;
}

/** The address under which a node validates. */
export function validatorOf(enode) {
  const match = /^enode:\/\/([0-9a-f]{128})@[^@\s]+:\d+$/.exec(enode);
  if (match === null) throw new Error(`not an enode: ${enode}`);
  return computeAddress(`0x04${match[1]}`).toLowerCase();
}

/** The genesis of a chain whose first validators have these enodes. */
export function genesisOf(enodes, chainId, timestamp = Math.floor(Date.now() / 1000)) {
  const validators = [...new Set(enodes.map(validatorOf))].sort();
  if (validators.length < VALIDATORS_MIN)
    throw new Error(`${validators.length} validators bear no fault; at least ${VALIDATORS_MIN} are needed`);
  // Vanity, validators, no vote, round 0, no seals.
  const extraData = encodeRlp([`0x${'00'.repeat(32)}`, validators, [], '0x', []]);
  return {
    config: {
      chainId,
      homesteadBlock: 0,
      eip150Block: 0,
      eip155Block: 0,
      eip158Block: 0,
      byzantiumBlock: 0,
      constantinopleBlock: 0,
      petersburgBlock: 0,
      istanbulBlock: 0,
      berlinBlock: 0,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      osakaTime: 0,
      zeroBaseFee: true,
      qbft: { blockperiodseconds: 1, requesttimeoutseconds: 4, epochlength: 30_000 },
    },
    nonce: '0x0',
    timestamp: `0x${timestamp.toString(16)}`,
    gasLimit: `0x${GAS_LIMIT.toString(16)}`,
    difficulty: '0x1',
    mixHash: MIX_HASH,
    coinbase: `0x${'00'.repeat(20)}`,
    extraData,
    alloc: Object.fromEntries(SYSTEM_CONTRACTS.map((address) => [address, { balance: '0x0', code: '0x00' }])),
  };
}

/** Writes the files that every node needs; no secret is among them. */
export function writeNetwork(folder, enodes, chainId) {
  mkdirSync(folder, { recursive: true });
  writeNew(path.join(folder, 'genesis.json'), json(genesisOf(enodes, chainId)));
  writeNew(path.join(folder, 'static-nodes.json'), json(enodes));
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function writeNew(file, text, mode = 0o644) {
  writeFileSync(file, text, { mode, flag: 'wx' });
}

function main([command, ...rest]) {
  const chainId = Number(process.env.CHAIN_ID ?? 474_747);
  if (!Number.isSafeInteger(chainId) || chainId < 1) throw new Error('CHAIN_ID must be a whole number');
  if (command === 'key' && rest.length >= 2) {
    const [folder, host, port] = rest;
    process.stdout.write(`${makeKey(folder, host, port === undefined ? P2P_PORT : Number(port))}\n`);
  } else if (command === 'genesis' && rest.length > VALIDATORS_MIN) {
    const [folder, ...enodes] = rest;
    writeNetwork(folder, enodes, chainId);
  } else if (command === 'local') {
    const folder = rest[0] ?? path.join(import.meta.dirname, 'network');
    const enodes = COMPOSE_HOSTS.map((host, index) =>
      makeKey(path.join(folder, `validator-${index + 1}`), host),
    );
    writeNetwork(folder, enodes, chainId);
  } else {
    process.stderr.write(
      'usage: network.mjs key <folder> <host> [port] | genesis <folder> <enode>… | local [folder]\n',
    );
    process.exitCode = 2;
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.slice(2));
