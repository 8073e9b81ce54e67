/**
 * The ranks of a feature's activations, of which those at 0 are one tie and are not sorted.
 *
 * @module
 */

/** Fewer values than these are sorted by insertion. */
const FEW = 40;
/** After so many steps a value, sorting by insertion is no longer the faster way. */
const LONGEST_WAY = 8;
const DIGIT_BITS = 11;
/** Keys are signed. */
const SIGN = 1 << 31;
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
  questions: Int32Array<ArrayBuffer>;
  /** The keys of these, which ascend with the activation and are equal where it is. */
  keys: Int32Array<ArrayBuffer>;
  #otherQuestions: Int32Array<ArrayBuffer>;
  #otherKeys: Int32Array<ArrayBuffer>;
  readonly #count: number;
  readonly #histograms = new Int32Array(3 * DIGITS);

  /** Makes room for columns of so many questions. */
  constructor(questionCount: number) {
    this.#count = questionCount;
    const room = () => new Int32Array(questionCount);
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
  rank(bits: Int32Array): void {
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
      const sign = value >> 31;
      negative -= sign;
      keys[found] = value ^ (sign & 0x7fffffff);
      questions[found++] = question;
    }
    this.nonzeroCount = found;
    this.negativeCount = negative;
    this.zeroCount = count - found;
    this.zeroRank = 2 * negative + this.zeroCount + 1;
    // Mostly the leading digits of the keys alone put all in order but for a few neighbours.
    if (found >= FEW) this.#distributeLeading();
    if (!this.#insert(LONGEST_WAY * found)) this.#distribute();
  }

  /** Sorts by insertion; gives up after so many steps, of all but few, with nothing lost. */
  #insert(mostSteps: number): boolean {
    const { questions, keys, nonzeroCount } = this;
    let steps = nonzeroCount < FEW ? -Infinity : 0;
    for (let i = 1; i < nonzeroCount; i++) {
      const key = keys[i]!;
      if (keys[i - 1]! <= key) continue;
      const question = questions[i]!;
      let at = i;
      for (; at > 0 && keys[at - 1]! > key; at--) {
        keys[at] = keys[at - 1]!;
        questions[at] = questions[at - 1]!;
      }
      keys[at] = key;
      questions[at] = question;
      steps += i - at;
      if (steps > mostSteps) return false;
    }
    return true;
  }

  /** Radix sort by the two leading digits of what the keys differ in. */
  #distributeLeading(): void {
    const { keys, questions, nonzeroCount: count } = this;
    let lowest = keys[0]!;
    let highest = lowest;
    for (let i = 1; i < count; i++) {
      lowest = Math.min(lowest, keys[i]!);
      highest = Math.max(highest, keys[i]!);
    }
    const shift = Math.max(0, 32 - Math.clz32(highest - lowest) - 2 * DIGIT_BITS);
    const histograms = this.#histograms.fill(0, 0, 2 * DIGITS);
    for (let i = 0; i < count; i++) {
      const digits = (keys[i]! - lowest | 0) >>> shift;
      histograms[digits & DIGITS - 1]!++;
      histograms[DIGITS + (digits >>> DIGIT_BITS)]!++;
    }
    let [low, high] = [0, 0];
    for (let i = 0; i < DIGITS; i++) {
      const here = histograms[i]!;
      const there = histograms[DIGITS + i]!;
      histograms[i] = low;
      histograms[DIGITS + i] = high;
      low += here;
      high += there;
    }
    const [otherKeys, otherQuestions] = [this.#otherKeys, this.#otherQuestions];
    for (let i = 0; i < count; i++) {
      const key = keys[i]!;
      const to = histograms[(key - lowest | 0) >>> shift & DIGITS - 1]!++;
      otherKeys[to] = key;
      otherQuestions[to] = questions[i]!;
    }
    for (let i = 0; i < count; i++) {
      const key = otherKeys[i]!;
      const to = histograms[DIGITS + ((key - lowest | 0) >>> shift + DIGIT_BITS)]!++;
      keys[to] = key;
      questions[to] = otherQuestions[i]!;
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
      histograms[2 * DIGITS + ((key ^ SIGN) >>> 2 * DIGIT_BITS)]!++;
    }
    for (let digit = 0; digit < 3; digit++) {
      const shift = digit * DIGIT_BITS;
      const histogram = histograms.subarray(digit * DIGITS, (digit + 1) * DIGITS);
      const [keys, questions] = [this.keys, this.questions];
      if (histogram[(keys[0]! ^ SIGN) >>> shift & DIGITS - 1] === count) continue;
      let start = 0;
      for (let i = 0; i < DIGITS; i++) {
        const here = histogram[i]!;
        histogram[i] = start;
        start += here;
      }
      const [keysTo, questionsTo] = [this.#otherKeys, this.#otherQuestions];
      for (let i = 0; i < count; i++) {
        const key = keys[i]!;
        const to = histogram[(key ^ SIGN) >>> shift & DIGITS - 1]!++;
        keysTo[to] = key;
        questionsTo[to] = questions[i]!;
      }
      [this.keys, this.questions] = [keysTo, questionsTo];
      [this.#otherKeys, this.#otherQuestions] = [keys, questions];
    }
  }
}
