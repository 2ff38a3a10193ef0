import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { codeOf } from '#platform';

/** A file system of its own that is small enough to fill. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** @returns why there is none, as text */
  static mount(megabytes: number): SmallDisk | string {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'that takes root on Linux';
    const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-disk-'));
    const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder]);
    if (made.status !== 0) {
      rmSync(folder, { recursive: true });
      return made.stderr?.toString().trim() || 'mount failed';
    }
    chmodSync(folder, 0o711);
    const disk = new SmallDisk(folder);
    process.once('exit', () => disk.unmount());
    return disk;
  }

  /** Takes all the room there is. */
  fill(): void {
    const file = openSync(path.join(this.folder, 'ballast'), 'a');
    try {
      for (const size of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size, 1));
        } catch (error) {
          if (codeOf(error) !== 'ENOSPC') throw error;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(path.join(this.folder, 'ballast'), { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
