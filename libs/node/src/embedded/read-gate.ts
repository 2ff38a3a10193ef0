/**
 * Lets readings of the node through at the same time, and none while the node shows what is not so.
 */
export class ReadGate {
  private closed: Promise<void> | undefined;
  private inside = 0;
  private onEmpty: (() => void) | undefined;

  /** Does the work as soon as the gate is open. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.closed !== undefined) await this.closed;
    this.inside += 1;
    try {
      return await work();
    } finally {
      this.inside -= 1;
      if (this.inside === 0) this.onEmpty?.();
    }
  }

  /**
   * Does the work when those who are inside have left, or at last after `waitMs`, and opens the gate again. One at a
   * time.
   */
  async whileClosed<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
    let open = () => undefined as void;
    this.closed = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await this.emptied(waitMs);
      return await work();
    } finally {
      this.closed = undefined;
      open();
    }
  }

  private async emptied(waitMs: number): Promise<void> {
    if (this.inside === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.onEmpty = undefined;
  }
}
