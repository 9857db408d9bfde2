/**
 * Watches for how long the event loop is kept from its timers. On a machine that does other things too, the
 * clock also counts the time in which this process did not run at all; so the processor time of the process in
 * each gap is taken beside it. That counts the helper threads of V8 as well: it errs on the strict side.
 */
export class LoopMonitor {
  #worked = 0;
  #clock = 0;
  #then = 0;
  #cpuThen = process.cpuUsage();
  #timer: NodeJS.Timeout | undefined;

  /** Longest gap between two timers so far: by processor time, and by the clock; milliseconds. */
  get longest(): { readonly worked: number; readonly clock: number } {
    return { worked: this.#worked, clock: this.#clock };
  }

  start(): void {
    this.#begin();
    this.#timer = setInterval(() => {
      this.#look();
      this.#begin();
    }, 1);
  }

  stop(): void {
    this.#look();
    clearInterval(this.#timer);
  }

  #begin(): void {
    this.#then = performance.now();
    this.#cpuThen = process.cpuUsage();
  }

  #look(): void {
    const gap = performance.now() - this.#then;
    const { user, system } = process.cpuUsage(this.#cpuThen);
    this.#worked = Math.max(this.#worked, Math.min(gap, (user + system) / 1000));
    this.#clock = Math.max(this.#clock, gap);
  }
}
