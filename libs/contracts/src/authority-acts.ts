import { anchorRole, packRegion } from '#domain';
import { type ActDescription, type ActDescriptions, noWon } from './act-description.js';
import { readOfficer, readThresholds } from './act-structs.js';
import type { AuthorityActArguments } from './act-types.js';

/** Who shall sit in an authority that another one founds, or whose officers are gone. */
const OTHERS_SEAT: Pick<ActDescription<'found_authority' | 'propose_reseat'>, 'toChain' | 'fromChain'> = {
  toChain: (args) => [packRegion(args.region), args.officers, args.thresholds],
  fromChain: (authority, values) => ({
    authority,
    region: values.region('region'),
    officers: values.structs('officers').map(readOfficer),
    thresholds: readThresholds(values.struct('newThresholds')),
  }),
};

/** Acts at Authorities: about officers, areas, other authorities and anchored documents. */
export const AUTHORITY_ACTS: ActDescriptions<keyof AuthorityActArguments> = {
  found_authority: {
    target: 'authorities',
    method: 'foundAuthority',
    role: 'governor',
    amount: noWon,
    ...OTHERS_SEAT,
  },
  set_officers: {
    target: 'authorities',
    method: 'setOfficers',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [args.officers],
    fromChain: (authority, values) => ({ authority, officers: values.structs('officers').map(readOfficer) }),
  },
  set_thresholds: {
    target: 'authorities',
    method: 'setThresholds',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [args.thresholds],
    fromChain: (authority, values) => ({
      authority,
      thresholds: readThresholds(values.struct('newThresholds')),
    }),
  },
  remove_officers: {
    target: 'authorities',
    method: 'removeOfficers',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [args.officers],
    fromChain: (authority, values) => ({ authority, officers: values.nums('officers') }),
  },
  stop_change: {
    target: 'authorities',
    method: 'stopChange',
    role: 'governor',
    amount: noWon,
    officers: () => 1,
    toChain: (args) => [args.change],
    fromChain: (authority, values) => ({ authority, change: values.hex('change') }),
  },
  propose_reseat: {
    target: 'authorities',
    method: 'proposeReseat',
    role: 'governor',
    amount: noWon,
    ...OTHERS_SEAT,
  },
  reject_reseat: {
    target: 'authorities',
    method: 'rejectReseat',
    role: 'governor',
    amount: noWon,
    toChain: () => [],
    fromChain: (authority) => ({ authority }),
  },
  grant_area: {
    target: 'authorities',
    method: 'grantArea',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [packRegion(args.to), packRegion(args.area)],
    fromChain: (authority, values) => ({ authority, to: values.region('to'), area: values.region('area') }),
  },
  give_up_area: {
    target: 'authorities',
    method: 'giveUpArea',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [packRegion(args.area)],
    fromChain: (authority, values) => ({ authority, area: values.region('area') }),
  },
  anchor: {
    target: 'authorities',
    method: 'anchor',
    role: ({ kind }) => anchorRole(kind),
    amount: noWon,
    toChain: (args) => [args.kind, args.root],
    fromChain: (authority, values) => ({ authority, kind: values.num('kind'), root: values.hex('root') }),
  },
};
