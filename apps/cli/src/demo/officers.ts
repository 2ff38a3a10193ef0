import type { Role } from '#contracts';
import type { DemoOfficer } from './acts.js';
import { addressOfKey, demoKey } from './keys.js';

/**
 * Three people per authority: money needs two of them, large sums all three, merchants and residents the second or third;
 * both of these what lasts, as a long freeze.
 */
const POSTS: readonly { readonly id: number; readonly roles: readonly Role[] }[] = [
  { id: 1, roles: ['governor', 'treasurer'] },
  { id: 2, roles: ['governor', 'treasurer', 'registrar'] },
  { id: 3, roles: ['treasurer', 'registrar'] },
];

/** Won above which all three treasurers sign. */
const LARGE_SUM = '1000000000';

export const DEMO_THRESHOLDS = {
  governors: 2,
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
