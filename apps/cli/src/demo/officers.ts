import type { Role } from '#contracts';
import type { DemoOfficer } from './acts.js';
import { addressOfKey, demoKey } from './keys.js';

/**
 * Four people per authority. Money needs two of them, large sums and what decides who they are three, merchants and
 * residents one of two, who are both needed for what lasts, as a long freeze: each role has one more than it needs.
 */
const POSTS: readonly { readonly id: number; readonly roles: readonly Role[] }[] = [
  { id: 1, roles: ['governor', 'treasurer'] },
  { id: 2, roles: ['governor', 'treasurer'] },
  { id: 3, roles: ['governor', 'treasurer', 'registrar'] },
  { id: 4, roles: ['governor', 'treasurer', 'registrar'] },
];

/** Won of one Korean day above which three treasurers sign. */
const LARGE_SUM = '1000000000';

export const DEMO_THRESHOLDS = {
  governors: 3,
  registrars: 1,
  bands: [
    { upTo: LARGE_SUM, officers: 2 },
    { upTo: null, officers: 3 },
  ],
};

/** The officers of a demo authority; their keys follow from the seed. */
export function demoOfficers(seed: string, authority: string): DemoOfficer[] {
  return POSTS.map(({ id, roles }) => {
    const privateKey = demoKey(seed, 'officer', authority, id);
    return { id, roles, privateKey, address: addressOfKey(privateKey) };
  });
}
