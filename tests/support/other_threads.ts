/** A machine with another number of threads. */

/** Says that the CPU has so many threads, until the end of a `using` scope. */
export class OtherThreads implements Disposable {
  /** Begins to say so. */
  constructor(threads: number) {
    Object.defineProperty(navigator, "hardwareConcurrency", { value: threads, configurable: true });
  }

  /** Lets the prototype say it again. */
  [Symbol.dispose](): void {
    Reflect.deleteProperty(navigator, "hardwareConcurrency");
  }
}
