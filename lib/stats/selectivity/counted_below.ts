/**
 * How many questions of each group are below a person's.
 *
 * Each question would have as many sums to add to as there are groups. Where sums are small, two of them
 * share a number, and three numbers are added to at a time.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { Wholes } from "./wholes.ts";

/** How many numbers are added to at a time. */
const AT_ONCE = 3;
const HALF_BITS = 15;
const HALF = 2 ** HALF_BITS;

/** Where a group's sums are. */
export interface BelowOfGroup {
  /** The numbers. */
  readonly words: Wholes;
  /** Where that of person 0 is. */
  readonly at: number;
  /** How far the next person's is. */
  readonly stride: number;
  /** How far a number is to be shifted. */
  readonly shift: number;
  /** The bits that count then; 0 where a number is one sum. */
  readonly mask: number;
}

/** Counts for one column after the other. */
export class CountedBelow {
  readonly #design: SelectivityDesign;
  /** How many sums share a number. */
  readonly #perWord: 1 | 2;
  /** `[blocks, persons, AT_ONCE]`. */
  readonly #blocks: readonly Wholes[];
  /** What one question of a group adds to the numbers of each block: `[blocks, groups, AT_ONCE]`. */
  readonly #units: readonly Int32Array[];

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    this.#design = design;
    const { groupCount, groupSizes, personSizes, personCount } = design;
    const greatest = (counts: Int32Array) => counts.reduce((a, b) => Math.max(a, b), 0);
    const most = 2 * greatest(groupSizes) * greatest(personSizes);
    this.#perWord = most < HALF ? 2 : 1;
    const length = Math.ceil(groupCount / (AT_ONCE * this.#perWord));
    const room = AT_ONCE * personCount;
    this.#blocks = Array.from(
      { length },
      () => most < 2 ** 31 ? new Int32Array(room) : new Float64Array(room),
    );
    this.#units = Array.from({ length }, () => new Int32Array(AT_ONCE * groupCount));
    for (let group = 0; group < groupCount; group++) {
      const { block, word, shift } = this.#place(group);
      this.#units[block]![AT_ONCE * group + word] = 2 ** shift;
    }
  }

  /** Clears what the column before has touched: that of so many persons, or all. */
  clear(persons: Int32Array, count?: number): void {
    for (const block of this.#blocks) {
      if (count === undefined) block.fill(0);
      else {
        for (let i = 0; i < count; i++) {
          block.fill(0, AT_ONCE * persons[i]!, AT_ONCE * (persons[i]! + 1));
        }
      }
    }
  }

  /** Counts those below the questions whose activation is not 0; of each group so many are not. */
  count({ questions, keys, negativeCount, nonzeroCount }: ColumnRanks, nonzeros: Int32Array): void {
    const { groupOf, personOf, groupSizes } = this.#design;
    for (let block = 0; block < this.#blocks.length; block++) {
      const units = this.#units[block]!;
      const sums = this.#blocks[block]!;
      let [p, q, r] = [0, 0, 0];
      // Twice those passed so far; those of a tie count half, so they are added before and after.
      for (let start = 0; start < nonzeroCount;) {
        if (start === negativeCount) {
          for (let group = 0; group < groupSizes.length; group++) {
            const zeros = 2 * (groupSizes[group]! - nonzeros[group]!);
            p += zeros * units[AT_ONCE * group]!;
            q += zeros * units[AT_ONCE * group + 1]!;
            r += zeros * units[AT_ONCE * group + 2]!;
          }
        }
        const key = keys[start]!;
        const first = start++;
        if (start === nonzeroCount || keys[start] !== key) {
          const question = questions[first]!;
          const unit = AT_ONCE * groupOf[question]!;
          const [a, b, c] = [units[unit]!, units[unit + 1]!, units[unit + 2]!];
          const at = AT_ONCE * personOf[question]!;
          sums[at]! += p += a;
          sums[at + 1]! += q += b;
          sums[at + 2]! += r += c;
          p += a;
          q += b;
          r += c;
          continue;
        }
        while (start < nonzeroCount && keys[start] === key) start++;
        for (let turn = 0; turn < 2; turn++) {
          for (let i = first; i < start; i++) {
            const unit = AT_ONCE * groupOf[questions[i]!]!;
            p += units[unit]!;
            q += units[unit + 1]!;
            r += units[unit + 2]!;
          }
          if (turn === 1) break;
          for (let i = first; i < start; i++) {
            const at = AT_ONCE * personOf[questions[i]!]!;
            sums[at]! += p;
            sums[at + 1]! += q;
            sums[at + 2]! += r;
          }
        }
      }
    }
  }

  /** Where the sums of a group are. */
  of(group: number): BelowOfGroup {
    const { block, word, shift } = this.#place(group);
    return {
      words: this.#blocks[block]!,
      at: word,
      stride: AT_ONCE,
      shift,
      mask: this.#perWord === 1 ? 0 : HALF - 1,
    };
  }

  #place(group: number): { block: number; word: number; shift: number } {
    const word = Math.floor(group / this.#perWord);
    return {
      block: Math.floor(word / AT_ONCE),
      word: word % AT_ONCE,
      shift: group % this.#perWord * HALF_BITS,
    };
  }
}
