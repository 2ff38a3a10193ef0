/**
 * Plants many mistakes into one copy of the contracts: each becomes a second version of the function it is in, called
 * in its place when `block.coinbase` is the mistake's number.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Reads `block.coinbase` from pure functions too: the reading function is declared pure. */
const MUTANT = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

function mutant() pure returns (uint256) {
    function() view returns (uint256) reads = _coinbase;
    function() pure returns (uint256) asPure;
    assembly ("memory-safe") {
        asPure := reads
    }
    return asPure();
}

function _coinbase() view returns (uint256) {
    return uint160(address(block.coinbase));
}
`;

/** The text with comments and strings blanked, of equal length, so that brackets can be counted. */
function blanked(source) {
  return source.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (text) =>
    ' '.repeat(text.length),
  );
}

/** Where the bracket that opens at `at` is closed. */
function closing(text, at) {
  const [open, close] = text[at] === '(' ? '()' : '{}';
  for (let depth = 0, i = at; i < text.length; i++) {
    if (text[i] === open) depth += 1;
    else if (text[i] === close && --depth === 0) return i;
  }
  throw new Error('brackets do not match');
}

/** Every function with a body: `start`, `end` (after its brace), `body` (at its brace). */
function functionsOf(source) {
  const text = blanked(source);
  return [...text.matchAll(/\bfunction (\w+)\s*\(/g)].flatMap((match) => {
    const open = match.index + match[0].length - 1;
    const close = closing(text, open);
    const body = text.slice(close).search(/[{;]/) + close;
    if (text[body] === ';') return [];
    const [start, end] = [match.index, closing(text, body) + 1];
    return [
      {
        name: match[1],
        parameters: source.slice(open + 1, close),
        head: text.slice(close + 1, body),
        start,
        body,
        end,
      },
    ];
  });
}

/** The function whose body contains the mutant's text, if any does. */
function functionAround({ source, find }) {
  const at = source.indexOf(find);
  return functionsOf(source).find(({ body, end }) => body < at && at + find.length < end);
}

/** Functions of contracts only: libraries and free functions are compiled into their tests. */
export function canBePlanted(mutant) {
  return !mutant.file.startsWith('types/') && functionAround(mutant) !== undefined;
}

/** Parameters without those that have no name. */
function named(parameters) {
  return parameters
    .split(',')
    .map((parameter) => parameter.trim().split(/\s+/))
    .filter((words) => words.length > 1 && !['calldata', 'memory', 'storage'].includes(words.at(-1)));
}

/** @param base folder of the sources @param mutants of all files, each one plantable */
export function plantAll(base, mutants) {
  writeFileSync(path.join(base, 'generated', 'Mutant.sol'), MUTANT);
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const own = mutants.filter((mutant) => mutant.file === file);
    const target = path.join(base, file);
    writeFileSync(target, plant(readFileSync(target, 'utf8'), file, own));
  }
}

function plant(source, file, mutants) {
  let text = source;
  const edits = mutants.map((mutant) => ({ mutant, home: functionAround(mutant) }));
  // From the end to the beginning, so that places stay what they were.
  for (const home of functionsOf(source).toReversed()) {
    const own = edits.filter(({ home: { start } }) => start === home.start).map(({ mutant }) => mutant);
    if (own.length === 0) continue;
    const whole = source.slice(home.start, home.end);
    const copies = own.map((mutant) => secondVersion(source, home, mutant));
    const calls = own.map((mutant) => callOf(home, mutant));
    const body = home.body - home.start + 1;
    const changed = [whole.slice(0, body), ...calls, whole.slice(body), ...copies].join('\n');
    text = text.slice(0, home.start) + changed + text.slice(home.end);
  }
  const up = '../'.repeat(file.split('/').length - 1) || './';
  return text.replace(
    /^import /m,
    `import {mutant as mutantNumber} from "${up}generated/Mutant.sol";\nimport `,
  );
}

const returnsOf = (head) => /\breturns\s*\([^)]*\)/.exec(head)?.[0] ?? '';

function callOf({ name, parameters, head }, { number }) {
  const values = named(parameters).map((words) => words.at(-1));
  const call = `${name}_mutant${number}(${values.join(', ')});`;
  const does = returnsOf(head) === '' ? `{ ${call} return; }` : `return ${call}`;
  return `if (mutantNumber() == ${number}) ${does}`;
}

function secondVersion(source, { name, parameters, head, body, end }, { number, find, replace }) {
  const list = named(parameters).map((words) => words.join(' '));
  const [changes = ''] = /\b(?:pure|view)\b/.exec(head) ?? [];
  const text = source.slice(body, end).replace(find, () => replace);
  return `function ${name}_mutant${number}(${list.join(', ')}) private ${changes} ${returnsOf(head)} ${text}`;
}
