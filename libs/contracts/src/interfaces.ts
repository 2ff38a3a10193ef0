import { Interface } from 'ethers';
import { authoritiesAbi } from './generated/authorities.js';
import { vouchersAbi } from './generated/vouchers.js';

/** ethers' reader and writer of calldata, events and errors of all that is reached at the address of Vouchers. */
export const vouchersInterface = new Interface(vouchersAbi);

/** The same for Authorities. */
export const authoritiesInterface = new Interface(authoritiesAbi);
