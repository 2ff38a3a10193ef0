/** One who sleeps and many who may wake it; a call that comes while awake is not lost. */
export class Wake {
  private called = false;
  private resolve: (() => void) | undefined;

  call(): void {
    this.called = true;
    this.resolve?.();
  }

  /** Resolves at the next call, at once when there was one since the last wait, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.called) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.resolve = undefined;
    }
    this.called = false;
  }
}
