import { ClientLimits, type ClientLimitOptions } from './client-limits.js';

const NONE: ClientLimitOptions = { perSecond: 0, atOnce: 0, unlimited: [] };
const CLIENT = '10.0.0.1';

function limitOf(options: Partial<ClientLimitOptions>): ClientLimits {
  return new ClientLimits({ ...NONE, ...options });
}

/** One request that is over at once. */
function pass(limits: ClientLimits, nowMs: number, client = CLIENT): number {
  const wait = limits.begin(client, nowMs);
  if (wait === 0) limits.end(client);
  return wait;
}

describe('a limit of 100 requests a second', () => {
  it('lets 200 pass at once, and says when the next one may', () => {
    const limits = limitOf({ perSecond: 100 });
    const answers = Array.from({ length: 400 }, () => pass(limits, 0));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(200);
    const wait = pass(limits, 0);
    expect(pass(limits, wait - 1)).toBeGreaterThan(0);
    expect(pass(limits, wait)).toBe(0);
  });

  it('lets a client pass for ever that keeps to it', () => {
    const limits = limitOf({ perSecond: 100 });
    for (let now = 0; now < 60_000; now += 10) expect(pass(limits, now)).toBe(0);
  });

  it('of one client is none of another', () => {
    const limits = limitOf({ perSecond: 100 });
    while (pass(limits, 0) === 0);
    expect(pass(limits, 0, '10.0.0.2')).toBe(0);
  });

  it('counts what other processes let pass, and reports to them whoever sends much', () => {
    const [here, there] = [limitOf({ perSecond: 100 }), limitOf({ perSecond: 100 })];
    for (let count = 0; count < 150; count++) pass(here, 0);
    for (let count = 0; count < 4; count++) pass(here, 0, '10.0.0.2');
    const use = here.takeUse(1);
    expect(use).toEqual([{ client: CLIENT, requests: 150 }]);
    expect(here.takeUse(1)).toEqual([]);
    for (const one of use) there.add(one, 0);
    let passed = 0;
    while (pass(there, 0) === 0) passed++;
    expect(passed).toBe(50);
  });
});

describe('a limit of 3 requests at once', () => {
  it('lets the next one pass when one is over', () => {
    const limits = limitOf({ atOnce: 3 });
    expect([1, 2, 3, 4].map(() => limits.begin(CLIENT, 0) === 0)).toEqual([true, true, true, false]);
    limits.end(CLIENT);
    expect(limits.begin(CLIENT, 0)).toBe(0);
    expect(limits.begin('10.0.0.2', 0)).toBe(0);
  });
});

describe('a client', () => {
  const limits = limitOf({ perSecond: 1, unlimited: ['127.0.0.1', '10.1.0.0/16', '2001:db8:9::/48'] });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:203.0.113.7', '1:2:3:4::/64'],
  ])('%s is %s', (address, client) => {
    expect(limits.clientOf(address)).toBe(client);
  });

  it.each(['127.0.0.1', '::ffff:127.0.0.1', '10.1.2.3', '2001:db8:9:8::1'])(
    '%s is not limited by setting',
    (address) => {
      expect(limits.clientOf(address)).toBeUndefined();
    },
  );

  it('is not distinguished when nothing is limited', () => {
    expect(limitOf({}).clientOf('203.0.113.7')).toBeUndefined();
  });
});
