/**
 * Jest's Node environment with an ordinary global object. It also reports spec files that leave something running: a
 * timer, a socket, a server or a process that the file did not close keeps the worker process alive, and Jest would say
 * so without naming the file.
 */
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Sockets that were closed take a moment to be gone, on a busy machine more than one. Another limit:
 * `testEnvironmentOptions: { goneMs }`.
 */
const GONE_MS = 10_000;
const POLL_MS = 20;
const ORPHAN_MS = 1_000;

/**
 * Jest lets Node make the global object of a spec file from a Proxy, so that every `parseInt` and `Math` of the spec
 * and of what it imports runs an interceptor and a trap: 0.5 µs instead of 1.4 ns (335 times, measured with Node 24).
 * ethers, which reads hex text two digits at a time, spent two seconds on each deployment of the contracts with
 * that. Without a sandbox Node makes an ordinary global object.
 */
const { createContext } = vm;

export default class Environment extends TestEnvironment {
  constructor(config, context) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    endAtOnce();
    this.goneMs = config.projectConfig.testEnvironmentOptions.goneMs ?? GONE_MS;
    this.file = path.relative(config.projectConfig.rootDir, context.testPath);
    this.before = countActive();
  }

  async teardown() {
    await super.teardown();
    let left = leftSince(this.before);
    for (const end = performance.now() + this.goneMs; left.length > 0 && performance.now() < end;) {
      await sleep(POLL_MS);
      left = leftSince(this.before);
    }
    // scripts/lib/tests.mjs reads this line and fails the run; an error here would hide the file's own failures.
    if (left.length > 0) process.stderr.write(`LEFT RUNNING by ${this.file}: ${left.join(', ')}\n`);
  }
}

/** How many of each kind keep the event loop alive. */
function countActive() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Kinds of which there are more than before. */
function leftSince(before) {
  return [...countActive()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} ${kind}`] : [];
  });
}

let isPrepared = false;

/**
 * Lets a worker process that has nothing left to do end without taking V8's heap apart. Jest kills workers that
 * take longer than half a second, and says that they failed to exit: 0.1 s of processor time go by (measured with
 * 600 MB), several times as much on a busy machine. A worker that something keeps alive still does not get here.
 *
 * A worker whose Jest was killed ends as well: what its spec file waits for would go on, and no process is left to read the result.
 */
function endAtOnce() {
  if (isPrepared || process.send === undefined) return;
  isPrepared = true;
  process.once('beforeExit', () => process.exit());
  // A listener of 'disconnect' would itself keep the worker alive.
  setInterval(() => process.connected || process.exit(1), ORPHAN_MS).unref();
}
