import { createKeccak } from 'hash-wasm';
import { keccak256 } from 'ethers';

// A payment is hashed eight times on its way. ethers does it in JavaScript, 9 µs for 64 bytes and 17 for 256; the same
// in WebAssembly takes 1 and 2. Ids, digests, addresses and topics of everything go through this one function.
const hasher = await createKeccak(256);
keccak256.register((data) => `0x${hasher.init().update(data).digest('hex')}`);
