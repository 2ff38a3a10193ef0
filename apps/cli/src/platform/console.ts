import path from 'node:path';
import { RotatingLog, type SupervisorLog } from '#platform';

const startedAt = performance.now();

/** One line for the person at the terminal, with the seconds since the start. */
export function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`[${seconds} s] ${text}\n`);
}

/** A block of text without the clock. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Supervisors' events: all of them to logs/launcher.log, warnings and errors to the terminal as well. */
export function launcherLog(home: string): { log: SupervisorLog; end(): void } {
  const file = new RotatingLog(path.join(home, 'logs', 'launcher.log'));
  const log: SupervisorLog = (level, event, fields = {}) => {
    const line = JSON.stringify({
      time: new Date().toISOString(),
      level,
      service: 'launcher',
      event,
      ...fields,
    });
    file.write(Buffer.from(`${line}\n`));
    if (level === 'info') return;
    const details = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value)}`);
    say(`${level}: ${event} ${details.join(' ')}`);
  };
  return { log, end: () => file.end() };
}
