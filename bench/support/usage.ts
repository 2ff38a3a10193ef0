import { readFileSync } from 'node:fs';
import os from 'node:os';

/** What Linux counts CPU time in. */
const TICKS_PER_SECOND = 100;

/** CPU seconds used so far, by the name of a process. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** CPU seconds of a process with its threads and the children that it has waited for; 0 when it is gone. */
export function cpuSecondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
  return ticks / TICKS_PER_SECOND;
}

/** A process and its running children: a database's sessions belong to it. */
export function familyOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
}

/** Largest resident memory so far in MiB. */
export function peakMemoryOf(pid: number): number {
  const match = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

/** Memory of its own, without what it shares with others, in MiB. */
export function ownMemoryOf(pid: number): number {
  const match = /^RssAnon:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return Number(match?.[1] ?? 0) / 1024;
}

export function differences(after: CpuSeconds, before: CpuSeconds): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      name,
      Number((seconds - (before[name] ?? 0)).toFixed(2)),
    ]),
  );
}

export function sumOf(seconds: CpuSeconds): number {
  return Object.values(seconds).reduce((sum, one) => sum + one, 0);
}

/** What a figure depends on besides the code. */
export function machine(): Record<string, unknown> {
  return {
    date: new Date().toISOString(),
    cpus: os.availableParallelism(),
    model: os.cpus()[0]?.model.trim() ?? 'unknown',
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** Seconds in which all processors together were busy, this benchmark's work and everybody else's. */
export function busySeconds(): number {
  return os
    .cpus()
    .reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
