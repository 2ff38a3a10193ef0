import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { Batcher } from './batcher.js';
import { ProblemException } from './problem.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('Batcher', () => {
  it('gives every item its own result, in order, in batches within the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 120 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (items, sizeMax, concurrencyMax) => {
          const batches: (readonly number[])[] = [];
          let running = 0;
          let runningMost = 0;
          const batcher = new Batcher<number, string>({
            sizeMax,
            batchDelayMs: 0,
            queueMax: 200,
            concurrencyMax,
            run: async (batch) => {
              batches.push(batch);
              runningMost = Math.max(runningMost, ++running);
              await Promise.resolve();
              running--;
              return batch.map((item) => `r${item}`);
            },
          });
          const results = await Promise.all(items.map((item) => batcher.submit(item)));
          await batcher.close();
          expect(results).toEqual(items.map((item) => `r${item}`));
          expect(batches.flat()).toEqual(items);
          expect(batches.every((batch) => batch.length >= 1 && batch.length <= sizeMax)).toBe(true);
          expect(runningMost).toBeLessThanOrEqual(concurrencyMax);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gathers what comes while a batch runs', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>({
      sizeMax: 100,
      batchDelayMs: 0,
      queueMax: 100,
      run: async (batch) => {
        sizes.push(batch.length);
        await pause(20);
        return batch;
      },
    });
    const first = batcher.submit(0);
    await pause(5);
    const rest = Array.from({ length: 50 }, (_, index) => batcher.submit(index + 1));
    await Promise.all([first, ...rest]);
    expect(sizes).toEqual([1, 50]);
  });

  describe('by a clock that the test leads', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    it('starts at once when a batch is full, and after the delay when it is not', async () => {
      const started: number[] = [];
      const begin = performance.now();
      const batcher = new Batcher<number, number>({
        sizeMax: 2,
        batchDelayMs: 60,
        queueMax: 10,
        run: async (batch) => {
          started.push(performance.now() - begin);
          return batch;
        },
      });
      await Promise.all([batcher.submit(1), batcher.submit(2)]);
      expect(started).toEqual([0]);
      const third = batcher.submit(3);
      await jest.advanceTimersByTimeAsync(59);
      expect(started).toEqual([0]);
      await jest.advanceTimersByTimeAsync(1);
      await third;
      expect(started).toEqual([0, 60]);
    });

    it('keeps the starts of batches apart under load, and starts at once after a pause', async () => {
      const batches: { at: number; size: number }[] = [];
      const begin = performance.now();
      const batcher = new Batcher<number, number>({
        sizeMax: 100,
        batchDelayMs: 0,
        spacingMs: 60,
        queueMax: 1_000,
        concurrencyMax: 2,
        run: async (batch) => {
          batches.push({ at: performance.now() - begin, size: batch.length });
          return batch;
        },
      });
      const first = batcher.submit(0);
      await jest.advanceTimersByTimeAsync(0);
      await first;
      const two = [batcher.submit(1)];
      await jest.advanceTimersByTimeAsync(10);
      two.push(batcher.submit(2));
      await jest.advanceTimersByTimeAsync(50);
      await Promise.all(two);
      // A full batch does not wait for its time.
      await Promise.all(Array.from({ length: 100 }, (_unused, index) => batcher.submit(index)));
      await jest.advanceTimersByTimeAsync(1_000);
      const late = batcher.submit(3);
      await jest.advanceTimersByTimeAsync(0);
      await late;
      expect(batches).toEqual([
        { at: 0, size: 1 },
        { at: 60, size: 2 },
        { at: 60, size: 100 },
        { at: 1_060, size: 1 },
      ]);
      await batcher.close();
    });
  });

  it('refuses with rate_limited when too many wait, and recovers', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const batcher = new Batcher<number, number>({
      sizeMax: 1,
      batchDelayMs: 0,
      queueMax: 3,
      run: async (batch) => {
        await gate;
        return batch;
      },
    });
    const taken = [0, 1, 2, 3].map((item) => batcher.submit(item));
    await expect(batcher.submit(4)).rejects.toMatchObject({ key: 'rate_limited', status: 429 });
    expect(batcher.depth).toBe(3);
    release();
    await expect(Promise.all(taken)).resolves.toEqual([0, 1, 2, 3]);
    await expect(batcher.submit(5)).resolves.toBe(5);
  });

  it('fails an item that makes its batch throw alone, and gives the others their results in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { maxLength: 4 }),
        async (count, bad) => {
          const handled: number[] = [];
          const batcher = new Batcher<number, number>({
            sizeMax: 40,
            batchDelayMs: 0,
            queueMax: 40,
            run: async (batch) => {
              if (batch.some((item) => bad.includes(item))) throw new Error('no');
              handled.push(...batch);
              return batch;
            },
          });
          const items = Array.from({ length: count }, (_unused, index) => index);
          const outcomes = await Promise.allSettled(items.map((item) => batcher.submit(item)));
          const good = items.filter((item) => !bad.includes(item));
          expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
            items.map((item) => good.includes(item)),
          );
          expect(handled).toEqual(good);
          await batcher.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('fails all of a batch at once when the reason is none of the items, and does not try again', async () => {
    let runs = 0;
    const batcher = new Batcher<number, number>({
      sizeMax: 10,
      batchDelayMs: 0,
      queueMax: 10,
      run: () => {
        runs++;
        return Promise.reject(new ProblemException('unavailable'));
      },
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toBe(1);
  });

  it('fails an item whose result is lost', async () => {
    const batcher = new Batcher<number, number>({
      sizeMax: 2,
      batchDelayMs: 0,
      queueMax: 10,
      run: async (batch) => (batch.includes(4) ? [] : batch),
    });
    const outcomes = await Promise.allSettled([2, 3, 4, 5].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('finishes what waits when it closes, and takes nothing more', async () => {
    const done: number[] = [];
    const batcher = new Batcher<number, number>({
      sizeMax: 2,
      batchDelayMs: 10_000,
      queueMax: 10,
      run: async (batch) => {
        await pause(5);
        done.push(...batch);
        return batch;
      },
    });
    const results = [1, 2, 3].map((item) => batcher.submit(item));
    await batcher.close();
    expect(done).toEqual([1, 2, 3]);
    await expect(Promise.all(results)).resolves.toEqual([1, 2, 3]);
    await expect(batcher.submit(4)).rejects.toMatchObject({ key: 'unavailable' });
  });
});
