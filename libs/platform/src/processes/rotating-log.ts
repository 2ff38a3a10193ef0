import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from './supervisor-log.js';

const BYTES_MAX = 10 << 20;
const FILES_KEPT = 5;
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A log file that starts again at a size; `name.log`, older ones `name.log.1` … `name.log.4`. */
export class RotatingLog {
  private descriptor: number | undefined;
  private bytes = 0;
  private ended = false;

  /** @param bytesMax size at which a new file begins, default 10 MB */
  constructor(
    private readonly file: string,
    private readonly bytesMax = BYTES_MAX,
  ) {}

  /**
   * Appends as it comes. Synchronous, so that the last words of a dying process are there. On a full disk they are
   * dropped: whoever keeps money there says so and stops, and must not be ended by its log before.
   */
  write(chunk: Uint8Array | string): void {
    if (this.ended) return;
    try {
      this.append(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    } catch (error) {
      if (!DISK_FULL.has(codeOf(error) ?? '')) throw error;
    }
  }

  /** Closes the file; what comes later is dropped. */
  end(): void {
    this.ended = true;
    this.close();
  }

  private append(data: Uint8Array): void {
    if (this.descriptor !== undefined && this.bytes + data.length > this.bytesMax) this.rotate();
    const descriptor = this.open();
    this.bytes += data.length;
    writeSync(descriptor, data);
  }

  private close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private open(): number {
    if (this.descriptor !== undefined) return this.descriptor;
    mkdirSync(path.dirname(this.file), { recursive: true });
    const descriptor = openSync(this.file, 'a', 0o600);
    this.bytes = fstatSync(descriptor).size;
    this.descriptor = descriptor;
    return descriptor;
  }

  private rotate(): void {
    this.close();
    for (let index = FILES_KEPT - 1; index > 0; index -= 1) {
      const older = index === 1 ? this.file : `${this.file}.${index - 1}`;
      if (existsSync(older)) renameSync(older, `${this.file}.${index}`);
    }
  }
}
