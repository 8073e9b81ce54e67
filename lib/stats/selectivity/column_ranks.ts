/**
 * The ranks of a feature's activations, of which those at 0 are one tie and are not sorted.
 *
 * @module
 */

/** Fewer values than these are sorted by insertion. */
const FEW = 40;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Ranks one column after the other; what it says holds until the next. */
export class ColumnRanks {
  /** How many activations of the column are not 0. */
  nonzeroCount = 0;
  /** How many of them are below 0. */
  negativeCount = 0;
  /** How many activations are 0. */
  zeroCount = 0;
  /** Twice the midrank of those at 0. */
  zeroRank = 0;
  /** The questions whose activation is not 0, by ascending activation. */
  questions: Uint32Array<ArrayBuffer>;
  /** The keys of these, which ascend with the activation and are equal where it is. */
  keys: Uint32Array<ArrayBuffer>;
  #otherQuestions: Uint32Array<ArrayBuffer>;
  #otherKeys: Uint32Array<ArrayBuffer>;
  readonly #count: number;
  readonly #histograms = new Uint32Array(3 * DIGITS);

  /** Makes room for columns of so many questions. */
  constructor(questionCount: number) {
    this.#count = questionCount;
    const room = () => new Uint32Array(questionCount);
    [this.questions, this.keys, this.#otherQuestions, this.#otherKeys] = [
      room(),
      room(),
      room(),
      room(),
    ];
  }

  /**
   * Ranks a column.
   *
   * @param bits The activations' bits.
   * @throws {RangeError} If an activation is NaN.
   */
  rank(bits: Uint32Array): void {
    const { questions, keys } = this;
    const count = this.#count;
    let found = 0;
    let negative = 0;
    for (let question = 0; question < count; question++) {
      const value = bits[question]!;
      const magnitude = value & 0x7fffffff;
      if (magnitude === 0) continue; // -0 is 0
      if (magnitude > 0x7f800000) {
        throw new RangeError(`Cannot rank activations: that of question ${question} is NaN`);
      }
      // The bits of a float as a number ascend with it, once those of negative ones are turned round.
      if (value >>> 31 !== 0) {
        negative++;
        keys[found] = ~value;
      } else {
        keys[found] = value | 0x80000000;
      }
      questions[found++] = question;
    }
    this.nonzeroCount = found;
    this.negativeCount = negative;
    this.zeroCount = count - found;
    this.zeroRank = 2 * negative + this.zeroCount + 1;
    if (found < FEW) this.#insert();
    else this.#distribute();
  }

  #insert(): void {
    const { questions, keys, nonzeroCount } = this;
    for (let i = 1; i < nonzeroCount; i++) {
      const key = keys[i]!;
      const question = questions[i]!;
      let at = i;
      for (; at > 0 && keys[at - 1]! > key; at--) {
        keys[at] = keys[at - 1]!;
        questions[at] = questions[at - 1]!;
      }
      keys[at] = key;
      questions[at] = question;
    }
  }

  /** Radix sort, the lowest digit first; a digit that all keys share is passed over. */
  #distribute(): void {
    const count = this.nonzeroCount;
    const histograms = this.#histograms.fill(0);
    const first = this.keys;
    for (let i = 0; i < count; i++) {
      const key = first[i]!;
      histograms[key & DIGITS - 1]!++;
      histograms[DIGITS + (key >>> DIGIT_BITS & DIGITS - 1)]!++;
      histograms[2 * DIGITS + (key >>> 2 * DIGIT_BITS)]!++;
    }
    for (let digit = 0; digit < 3; digit++) {
      const shift = digit * DIGIT_BITS;
      const histogram = histograms.subarray(digit * DIGITS, (digit + 1) * DIGITS);
      const [keys, questions] = [this.keys, this.questions];
      if (histogram[keys[0]! >>> shift & DIGITS - 1] === count) continue;
      let start = 0;
      for (let i = 0; i < DIGITS; i++) {
        const here = histogram[i]!;
        histogram[i] = start;
        start += here;
      }
      const [keysTo, questionsTo] = [this.#otherKeys, this.#otherQuestions];
      for (let i = 0; i < count; i++) {
        const key = keys[i]!;
        const to = histogram[key >>> shift & DIGITS - 1]!++;
        keysTo[to] = key;
        questionsTo[to] = questions[i]!;
      }
      [this.keys, this.questions] = [keysTo, questionsTo];
      [this.#otherKeys, this.#otherQuestions] = [keys, questions];
    }
  }
}
