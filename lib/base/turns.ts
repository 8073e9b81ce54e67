/**
 * Turns for work that has to wait.
 *
 * @module
 */

/** Lets a few pieces of work go on at a time. Of those that wait, long ones begin before others. */
export class Turns {
  readonly #atOnce: number;
  readonly #long: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #busy = 0;

  /**
   * Makes turns.
   *
   * @param atOnce How many pieces of work go on at a time at most.
   */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /**
   * Does work when its turn has come: at once if so few go on, else in the order in which work came.
   *
   * @param work What is to be done.
   * @param isLong Whether it takes longer than other work: what begins last should end soon. Default: no.
   * @returns What it gave.
   */
  async take<T>(work: () => Promise<T>, isLong: boolean = false): Promise<T> {
    if (this.#busy < this.#atOnce) this.#busy++;
    else await new Promise<void>((begin) => (isLong ? this.#long : this.#others).push(begin));
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody who comes meanwhile takes it.
      const next = this.#long.shift() ?? this.#others.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }
}
