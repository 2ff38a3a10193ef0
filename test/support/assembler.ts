/** As much of the EVM's instructions as the strangers use. */
const OPCODES: Readonly<Record<string, number>> = {
  STOP: 0x00,
  ADD: 0x01,
  SUB: 0x03,
  EQ: 0x14,
  XOR: 0x18,
  ADDRESS: 0x30,
  BALANCE: 0x31,
  CALLER: 0x33,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  CODECOPY: 0x39,
  EXTCODESIZE: 0x3b,
  EXTCODEHASH: 0x3f,
  BLOCKHASH: 0x40,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  PREVRANDAO: 0x44,
  GASLIMIT: 0x45,
  CHAINID: 0x46,
  SELFBALANCE: 0x47,
  BASEFEE: 0x48,
  BLOBBASEFEE: 0x4a,
  POP: 0x50,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  LOG1: 0xa1,
  CREATE: 0xf0,
  CALL: 0xf1,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  RETURN: 0xf3,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
};

/** An instruction's name, a number to push, `:name` for a place to jump to, or `@name` to push that place. */
export type Token = string | number | bigint;

/** Code of the EVM as hex without 0x. @throws RangeError when a name is unknown */
export function assemble(...tokens: readonly Token[]): string {
  const places = new Map<string, number>();
  const pieces: (string | { place: string })[] = [];
  let position = 0;
  for (const token of tokens) {
    const piece = pieceOf(token);
    if (typeof token === 'string' && token.startsWith(':')) places.set(token.slice(1), position);
    pieces.push(piece);
    position += typeof piece === 'string' ? piece.length / 2 : 3;
  }
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const place = places.get(piece.place);
      if (place === undefined) throw new RangeError(`there is no place ${piece.place}`);
      return `61${place.toString(16).padStart(4, '0')}`;
    })
    .join('');
}

function pieceOf(token: Token): string | { place: string } {
  if (typeof token !== 'string') return pushed(BigInt(token));
  if (token.startsWith('@')) return { place: token.slice(1) };
  const opcode = OPCODES[token.startsWith(':') ? 'JUMPDEST' : token];
  if (opcode === undefined) throw new RangeError(`there is no instruction ${token}`);
  return opcode.toString(16).padStart(2, '0');
}

function pushed(value: bigint): string {
  const hex = value.toString(16);
  const bytes = hex.length % 2 === 0 ? hex : `0${hex}`;
  return (0x5f + bytes.length / 2).toString(16) + bytes;
}

/** Code that leaves this code behind, as the data of a transaction that creates a contract. */
export function deploying(runtime: string): string {
  const size = runtime.length / 2;
  // Any offset below 256 is one byte, as the zero is.
  const prologue = (offset: number) => assemble(size, offset, 0, 'CODECOPY', size, 0, 'RETURN');
  const offset = prologue(0).length / 2;
  return prologue(offset) + runtime;
}
