/**
 * Where Vouchers, VouchersExtension, VouchersAdmin and VouchersRegistry keep what they store, as the compiler sees it.
 * They run on one storage, so the four must agree in every slot.
 *
 *   node scripts/storage-layout.mjs          prints it as JSON
 *   node scripts/storage-layout.mjs --write  writes it to contracts/storage-layout.json, which a test compares
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const CONTRACTS = ['Vouchers', 'VouchersExtension', 'VouchersAdmin', 'VouchersRegistry'];
const fileOf = (name) => `contracts/src/${name}.sol`;
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Import paths are relative to the root; packages lie in node_modules. */
function findImport(file) {
  try {
    return { contents: read(file.startsWith('@') ? path.join('node_modules', file) : file) };
  } catch {
    return { error: `not found: ${file}` };
  }
}

/** The compiler numbers types by the syntax tree, which differs between the four: names are enough. */
const nameOf = (type) => type.replaceAll(/\)\d+/g, ')');

/** `slot.offset label: type (bytes)` */
function line({ slot, offset, label, type }, types) {
  return `${slot}.${offset} ${label}: ${nameOf(type)} (${types[type].numberOfBytes})`;
}

function layoutOf({ storage, types }) {
  const structs = Object.entries(types ?? {})
    .filter(([, { members }]) => members !== undefined)
    .map(([type, { members }]) => [nameOf(type), members.map((member) => line(member, types))])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    variables: storage.map((variable) => line(variable, types)),
    structs: Object.fromEntries(structs),
  };
}

const input = {
  language: 'Solidity',
  sources: Object.fromEntries(CONTRACTS.map((name) => [fileOf(name), { content: read(fileOf(name)) }])),
  settings: { evmVersion: 'osaka', outputSelection: { '*': { '*': ['storageLayout'] } } },
};
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
const layouts = CONTRACTS.map((name) => [name, layoutOf(output.contracts[fileOf(name)][name].storageLayout)]);
const text = `${JSON.stringify(Object.fromEntries(layouts), null, 2)}\n`;
if (process.argv.includes('--write'))
  writeFileSync(path.join(root, 'contracts', 'storage-layout.json'), text);
else process.stdout.write(text);
