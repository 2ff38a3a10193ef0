import { assemble, deploying } from './assembler.js';

/** What the strangers' contract does; the first word of its input. */
export const DEEDS = [
  'read',
  'write',
  'look',
  'remember',
  'call',
  'create',
  'create2',
  'destroy',
  'loop',
  'log',
  'delegate',
  'static',
] as const;
export type Deed = (typeof DEEDS)[number];
/** How it ends; the fourth word. */
export const ENDINGS = ['stop', 'revert', 'invalid'] as const;

/** Data of a call, as hex without 0x. @param rest what is called with, or creates */
export function inputOf(
  deed: Deed,
  a: bigint,
  b: bigint,
  ending: (typeof ENDINGS)[number],
  rest = '',
): string {
  const words = [BigInt(DEEDS.indexOf(deed)), a, b, BigInt(ENDINGS.indexOf(ending))];
  return words.map((value) => value.toString(16).padStart(64, '0')).join('') + rest;
}

const word = (index: number) => [index * 32, 'CALLDATALOAD'] as const;
/** What follows the fourth word lies at 0 in memory; its length is on the stack. */
const REST = [128, 'CALLDATASIZE', 'SUB'] as const;
const copyRest = [...REST, 128, 0, 'CALLDATACOPY'] as const;

/** Runtime of a contract that does what its caller wants: (deed, a, b, ending, rest…). */
const RUNTIME = assemble(
  ...DEEDS.flatMap((deed, index) => [...word(0), index, 'EQ', `@${deed}`, 'JUMPI']),
  ':end',
  ...[...word(3), 1, 'EQ', '@revert', 'JUMPI', ...word(3), 2, 'EQ', '@invalid', 'JUMPI', 'STOP'],
  ...[':revert', 0, 0, 'REVERT', ':invalid', 'INVALID'],
  ...[':read', ...word(1), 'SLOAD', 'POP', ...word(2), 'SLOAD', 'POP', ...word(1), 'TLOAD', 'POP'],
  ...['@end', 'JUMP'],
  ...[':write', ...word(2), ...word(1), 'SSTORE', ...word(2), ...word(1), 'TSTORE', '@end', 'JUMP'],
  ...[
    ':look',
    ...word(1),
    'EXTCODESIZE',
    'POP',
    ...word(1),
    'EXTCODEHASH',
    'POP',
    ...word(1),
    'BALANCE',
    'POP',
  ],
  ...['@end', 'JUMP'],
  ':remember',
  ...[...word(2), 'NUMBER', 'SUB', 'BLOCKHASH', ...word(1), 'SSTORE'],
  ...[
    'PREVRANDAO',
    'TIMESTAMP',
    'XOR',
    'BASEFEE',
    'XOR',
    'BLOBBASEFEE',
    'XOR',
    'COINBASE',
    'XOR',
    'GASLIMIT',
    'XOR',
  ],
  ...['CHAINID', 'XOR', 'SELFBALANCE', 'XOR', 1, ...word(1), 'ADD', 'SSTORE', '@end', 'JUMP'],
  ...[':call', ...copyRest, 0, 0, ...REST, 0, 0, ...word(1), 'GAS', 'CALL', 'POP', '@end', 'JUMP'],
  ...[':create', ...copyRest, ...REST, 0, 0, 'CREATE', 'POP', '@end', 'JUMP'],
  ...[':create2', ...copyRest, ...word(2), ...REST, 0, 0, 'CREATE2', 'POP', '@end', 'JUMP'],
  ...[':destroy', ...word(1), 'SELFDESTRUCT'],
  ...[':loop', '@loop', 'JUMP'],
  ...[':log', ...word(2), 0, 'MSTORE', ...word(1), 32, 0, 'LOG1', '@end', 'JUMP'],
  ...[':delegate', ...copyRest, 0, 0, ...REST, 0, ...word(1), 'GAS', 'DELEGATECALL', 'POP', '@end', 'JUMP'],
  ...[':static', ...copyRest, 0, 0, ...REST, 0, ...word(1), 'GAS', 'STATICCALL', 'POP', '@end', 'JUMP'],
);

/** Creates that contract; hex without 0x. */
export const CONTRACT = deploying(RUNTIME);

/** Init codes that fail, leave something odd, or end themselves. */
export const BIRTHS = [
  CONTRACT,
  deploying(''),
  deploying('ef00'),
  deploying('00'.repeat(25_000)),
  assemble(0, 0, 'REVERT'),
  'fe',
  '',
  assemble('CALLER', 'SELFDESTRUCT'),
  assemble('ADDRESS', 'SELFDESTRUCT'),
  assemble(1, 7, 'SSTORE', 'CALLER', 'SELFDESTRUCT'),
  assemble(1, 7, 'SSTORE', 9, 'SLOAD', 'POP', 0, 0, 'REVERT'),
  assemble(5, 8, 'SSTORE', 0, 8, 'SSTORE', 3, 'SLOAD', 'POP'),
];
