/**
 * Sorts activations by their bits.
 *
 * @module
 */

/** Fewer values than these are sorted by insertion. */
export const FEW = 40;
/** After so many steps a value, sorting by insertion is no longer the faster way. */
export const LONGEST_WAY = 8;
/** How many bits a digit of the radix sort has. */
export const DIGIT_BITS = 11;
/** How many values such a digit can have. */
export const DIGITS: number = 1 << DIGIT_BITS;
/** The magnitudes of numbers are at most this; those of NaN are above. */
export const INFINITE = 0x7f800000;

/** What is known of a column once it has been read. */
export interface ReadKeys {
  /** How many activations are not 0. */
  readonly count: number;
  /** How many of them are below 0. */
  readonly negative: number;
  /** The lowest key of them. */
  readonly lowest: number;
  /** The highest key. */
  readonly highest: number;
  /** The largest magnitude, as bits. */
  readonly largest: number;
}

/** Reads and sorts the activations of one column after the other. */
export interface KeySort {
  /** The bits of the activations. */
  readonly bits: Int32Array<ArrayBuffer>;
  /** The questions whose activation is not 0. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** Their keys, which ascend with the activation and are equal where it is. */
  readonly keys: Int32Array<ArrayBuffer>;
  /** Reads the bits: writes keys and questions, in the order of the questions. */
  read(): ReadKeys;
  /**
   * Sorts the first ones by the leading bits of how far their keys are above the lowest, which is less than 2 to
   * `bits`: all but for neighbours that differ by little. What is equal there stays in order.
   */
  lead(count: number, lowest: number, bits: number): void;
  /**
   * Sorts the first ones by two digits, from a bit on, of how far their keys are above the lowest; those
   * that are equal there stay in order.
   */
  distribute(count: number, lowest: number, shift: number): void;
  /** Sorts the first ones by insertion; gives up after so many steps, and says so, with nothing lost. */
  insert(count: number, mostSteps: number): boolean;
  /** Whether two of the first ones, which are sorted, are equal. */
  hasTies(count: number): boolean;
}

/** The sort in TypeScript: for tests, and where vectors are not known. */
export function plainKeySort(questionCount: number): KeySort {
  const room = () => new Int32Array(questionCount);
  const [bits, questions, keys, otherQuestions, otherKeys] = [
    room(),
    room(),
    room(),
    room(),
    room(),
  ];
  const histograms = new Int32Array(2 * DIGITS);

  function distribute(count: number, lowest: number, shift: number): void {
    histograms.fill(0);
    for (let i = 0; i < count; i++) {
      const digits = (keys[i]! - lowest | 0) >>> shift;
      histograms[digits & DIGITS - 1]!++;
      histograms[DIGITS + (digits >>> DIGIT_BITS & DIGITS - 1)]!++;
    }
    let [low, high] = [0, 0];
    for (let i = 0; i < DIGITS; i++) {
      const [here, there] = [histograms[i]!, histograms[DIGITS + i]!];
      histograms[i] = low;
      histograms[DIGITS + i] = high;
      low += here;
      high += there;
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i]!;
      const to = histograms[(key - lowest | 0) >>> shift & DIGITS - 1]!++;
      otherKeys[to] = key;
      otherQuestions[to] = questions[i]!;
    }
    for (let i = 0; i < count; i++) {
      const key = otherKeys[i]!;
      const digits = (key - lowest | 0) >>> shift;
      const to = histograms[DIGITS + (digits >>> DIGIT_BITS & DIGITS - 1)]!++;
      keys[to] = key;
      questions[to] = otherQuestions[i]!;
    }
  }

  return {
    bits,
    questions,
    keys,
    read() {
      let [count, negative, largest] = [0, 0, 0];
      let [lowest, highest] = [0x7fffffff, -0x80000000];
      for (let question = 0; question < questionCount; question++) {
        const value = bits[question]!;
        const magnitude = value & 0x7fffffff;
        if (magnitude === 0) continue; // -0 is 0
        if (magnitude > largest) largest = magnitude;
        // The bits of a float as a number ascend with it, once those of negative ones are turned round.
        const sign = value >> 31;
        const key = value ^ (sign & 0x7fffffff);
        negative -= sign;
        if (key < lowest) lowest = key;
        if (key > highest) highest = key;
        keys[count] = key;
        questions[count++] = question;
      }
      return { count, negative, lowest, highest, largest };
    },
    lead(count, lowest, bits) {
      distribute(count, lowest, Math.max(0, bits - 2 * DIGIT_BITS));
    },
    distribute,
    insert(count, mostSteps) {
      let steps = 0;
      for (let i = 1; i < count; i++) {
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
    },
    hasTies(count) {
      for (let i = 1; i < count; i++) if (keys[i] === keys[i - 1]) return true;
      return false;
    },
  };
}
