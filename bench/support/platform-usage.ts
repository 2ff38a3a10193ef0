import { PROCESSES, type TestPlatform } from '../../test/support/platform.js';
import { cpuSecondsOf, familyOf, ownMemoryOf, peakMemoryOf, type CpuSeconds } from './usage.js';

function pidOf(platform: TestPlatform, part: (typeof PROCESSES)[number]): number {
  return platform.home.process(part)?.pid ?? 0;
}

/** CPU seconds of every process of the platform so far. The launcher passes calls on to the node and writes its journal. */
export function platformCpu(platform: TestPlatform): CpuSeconds {
  return Object.fromEntries(
    PROCESSES.map((part) => {
      const pid = pidOf(platform, part);
      const family = part === 'postgres' ? familyOf(pid) : [pid];
      return [part, family.reduce((sum, one) => sum + cpuSecondsOf(one), 0)];
    }),
  );
}

/** Peak memory in MiB. The database: what its sessions own now, and the largest of its processes with shared buffers. */
export function platformMemory(platform: TestPlatform): Record<string, number> {
  return Object.fromEntries(
    PROCESSES.map((part) => {
      const pid = pidOf(platform, part);
      if (part !== 'postgres') return [part, peakMemoryOf(pid)];
      const family = familyOf(pid);
      const own = family.reduce((sum, one) => sum + ownMemoryOf(one), 0);
      return [part, Math.round(own + Math.max(...family.map(peakMemoryOf)))];
    }),
  );
}
