/** Captures what is printed. */

/** Keeps what is printed from the terminal, until the end of a `using` scope. */
export class CapturedOutput implements Disposable {
  /** What went to `console.log`. */
  readonly out: string[] = [];
  /** What went to `console.error`. */
  readonly err: string[] = [];
  /** What was written to standard error as bytes: the bar. */
  bar = "";
  #log = console.log;
  #error = console.error;
  #writeSync = Deno.stderr.writeSync;
  #isTerminal = Deno.stderr.isTerminal;

  /**
   * Begins to capture.
   *
   * @param isTerminal Whether standard error claims to be a terminal. Default: it does not.
   */
  constructor({ isTerminal = false }: { isTerminal?: boolean } = {}) {
    console.log = (text) => void this.out.push(text);
    console.error = (text) => void this.err.push(text);
    Deno.stderr.isTerminal = () => isTerminal;
    Deno.stderr.writeSync = (bytes) => {
      this.bar += new TextDecoder().decode(bytes);
      return bytes.length;
    };
  }

  /** Lets everything be printed again. */
  [Symbol.dispose](): void {
    console.log = this.#log;
    console.error = this.#error;
    Deno.stderr.isTerminal = this.#isTerminal;
    Deno.stderr.writeSync = this.#writeSync;
  }
}
