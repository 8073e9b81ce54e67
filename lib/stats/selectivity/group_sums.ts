/**
 * Sums of a column's activations in every group: by all of them, or by those that are not 0, if they are few.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { ValueOrder } from "./value_order.ts";
import { STEP, type ValueRows } from "./value_rows.ts";

/** Room for sums over the groups. */
export interface GroupSums {
  /** The sum of each group's activations; then that of their deviations from a mean. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** How many are active; then the sum of squared deviations. */
  readonly others: Float64Array<ArrayBuffer>;
}

/** Sums one column after the other. */
export interface ColumnSums {
  /** Writes the sums of the groups, and how many of each are active. */
  sum(into: GroupSums): void;
  /** Writes the sums of deviations from the groups' means, and of their squares. */
  deviate(into: GroupSums, means: Float64Array): void;
}

/** The sums of all activations, which are in their places. */
export function sumsOfAll(rows: ValueRows, { starts }: ValueOrder, threshold: number): ColumnSums {
  const { values, parts } = rows;

  /** Adds the four parts of both sums, and what is left over at the end of a row. */
  function addUp(
    { sums, others }: GroupSums,
    write: (group: number, first: number, last: number) => void,
    other: (group: number, value: number) => [number, number],
  ): void {
    for (let group = 0; group + 1 < starts.length; group++) {
      const [first, end] = [starts[group]!, starts[group + 1]!];
      const last = end - (end - first) % STEP;
      write(group, first, last);
      let one = parts[0]! + parts[1]! + parts[2]! + parts[3]!;
      let two = parts[4]! + parts[5]! + parts[6]! + parts[7]!;
      for (let i = last; i < end; i++) {
        const [ofOne, ofTwo] = other(group, values[i]!);
        one += ofOne;
        two += ofTwo;
      }
      sums[group] = one;
      others[group] = two;
    }
  }

  return {
    sum(into) {
      addUp(
        into,
        (_, first, last) => rows.sum(first, last),
        (_, value) => [value, Number(value > threshold)],
      );
    },
    deviate(into, means) {
      addUp(
        into,
        (group, first, last) => rows.deviate(first, last, means[group]!),
        (group, value) => {
          const deviation = value - means[group]!;
          return [deviation, deviation * deviation];
        },
      );
    },
  };
}

/** The sums of a column of which few activations are not 0. */
export class SumsOfFew implements ColumnSums {
  readonly #design: SelectivityDesign;
  readonly #threshold: number;
  readonly #zeros: Int32Array<ArrayBuffer>;
  #column = new Float32Array(0) as Float32Array;
  #ranks: Pick<ColumnRanks, "questions" | "nonzeroCount"> | undefined;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign, threshold: number) {
    this.#design = design;
    this.#threshold = threshold;
    this.#zeros = new Int32Array(design.groupCount);
  }

  /** Looks at a column. */
  read(column: Float32Array, ranks: ColumnRanks): void {
    this.#column = column;
    this.#ranks = ranks;
  }

  /** Writes the sums of the groups, and how many of each are active. */
  sum({ sums, others }: GroupSums): void {
    const { questions, nonzeroCount } = this.#ranks!;
    const { groupOf, groupSizes } = this.#design;
    const column = this.#column;
    const isZeroActive = 0 > this.#threshold;
    sums.fill(0);
    if (isZeroActive) others.set(groupSizes);
    else others.fill(0);
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      const group = groupOf[question]!;
      const value = column[question]!;
      sums[group]! += value;
      others[group]! += Number(value > this.#threshold) - Number(isZeroActive);
    }
  }

  /** Writes the sums of deviations from the groups' means, and of their squares. */
  deviate({ sums, others }: GroupSums, means: Float64Array): void {
    const { questions, nonzeroCount } = this.#ranks!;
    const { groupOf, groupSizes, groupCount } = this.#design;
    const column = this.#column;
    const zeros = this.#zeros;
    sums.fill(0);
    others.fill(0);
    zeros.set(groupSizes);
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      const group = groupOf[question]!;
      const deviation = column[question]! - means[group]!;
      zeros[group]!--;
      sums[group]! += deviation;
      others[group]! += deviation * deviation;
    }
    for (let group = 0; group < groupCount; group++) {
      sums[group]! -= zeros[group]! * means[group]!;
      others[group]! += zeros[group]! * means[group]! * means[group]!;
    }
  }
}
