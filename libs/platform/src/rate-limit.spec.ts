import { RateLimit } from './rate-limit.js';

describe('a limit of 100 requests a second', () => {
  it('lets 200 pass at once, and says when the next one may', () => {
    const limit = new RateLimit(100);
    const answers = Array.from({ length: 400 }, () => limit.take('10.0.0.1', 0));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(200);
    const wait = limit.take('10.0.0.1', 0);
    expect(limit.take('10.0.0.1', wait - 1)).toBeGreaterThan(0);
    expect(limit.take('10.0.0.1', wait)).toBe(0);
  });

  it('lets a client pass for ever that keeps to it', () => {
    const limit = new RateLimit(100);
    for (let now = 0; now < 60_000; now += 10) expect(limit.take('10.0.0.1', now)).toBe(0);
  });

  it('of one client is none of another', () => {
    const limit = new RateLimit(100);
    while (limit.take('10.0.0.1', 0) === 0);
    expect(limit.take('10.0.0.2', 0)).toBe(0);
  });
});
