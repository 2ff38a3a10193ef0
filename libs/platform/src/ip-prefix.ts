import { isIPv6 } from 'node:net';

/** What one client has of the address space. */
export interface SharedPrefix {
  /** The IPv4 address, or the first 64 bits of the IPv6 one as `2001:db8:0:1::/64`. */
  readonly client: string;
  readonly family: 'ipv4' | 'ipv6';
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const GROUPS_OF_CLIENT = 4;

/** The client behind an address as sockets and proxies write it. What is no address is its own client. */
export function sharedPrefix(address: string): SharedPrefix {
  if (!address.includes(':')) return { client: address, family: 'ipv4' };
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return { client: mapped, family: 'ipv4' };
  if (!isIPv6(address)) return { client: address, family: 'ipv4' };
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  // An IPv4 address at the end stands for two groups, which lie behind the first four in any case.
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const wide = after.at(-1)?.includes('.') === true ? 1 : 0;
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length - wide;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  const first = groups.slice(0, GROUPS_OF_CLIENT).map((group) => Number.parseInt(group, 16).toString(16));
  return { client: `${first.join(':')}::/64`, family: 'ipv6' };
}
