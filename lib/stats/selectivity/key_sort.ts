/**
 * Sorts activations by their bits.
 *
 * @module
 */

/** Fewer values than these are sorted by insertion. */
export const FEW = 40;
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

/** The order of a column's activations. */
export interface SortedKeys {
  /** The questions whose activation is not 0, by ascending activation; what is past them is of no account. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** Whether two of their keys are equal. */
  readonly hasTies: boolean;
  /** Where there are few of them: the places of those whose key is that of the one before, ascending. */
  readonly ties?: ArrayLike<number> | undefined;
}

/** Reads and sorts the activations of one column after the other. */
export interface KeySort {
  /** The activations. */
  readonly column: Float32Array<ArrayBuffer>;
  /** Reads their bits. */
  read(): ReadKeys;
  /** Sorts what has been read; equal activations stay in the order of the questions. */
  sort(read: ReadKeys): SortedKeys;
  /** The keys of the sorted questions, which ascend with the activation and are equal where it is. */
  keys(): Int32Array<ArrayBuffer>;
}

/** The sort in TypeScript: for tests, and where vectors are not known. */
export function plainKeySort(questionCount: number): KeySort {
  const room = () => new Int32Array(questionCount);
  const [bits, questions, keys] = [room(), room(), room()];
  const [otherQuestions, otherKeys] = [room(), room()];
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

  function insert(count: number): void {
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
    }
  }

  function hasTies(count: number): boolean {
    for (let i = 1; i < count; i++) if (keys[i] === keys[i - 1]) return true;
    return false;
  }

  return {
    column: new Float32Array(bits.buffer),
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
    sort({ count, lowest }) {
      // By all digits, the lower ones first: equal digits stay in order.
      if (count < FEW) insert(count);
      else for (const shift of [0, 2 * DIGIT_BITS]) distribute(count, lowest, shift);
      return { questions, hasTies: hasTies(count) };
    },
    keys: () => keys,
  };
}
