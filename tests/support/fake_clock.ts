/** Time that passes only when a test says so. */

/** Replaces `performance.now()` until the end of a `using` scope. */
export class FakeClock implements Disposable {
  /** The time, in milliseconds. */
  now = 1000;
  #real = performance.now;

  /** Stops the time. */
  constructor() {
    performance.now = () => this.now;
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    this.now += 1000 * seconds;
  }

  /** Lets time run again. */
  [Symbol.dispose](): void {
    performance.now = this.#real;
  }
}
