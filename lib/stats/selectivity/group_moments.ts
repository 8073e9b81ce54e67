/**
 * Means and spreads of a feature in every group and outside of it.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { merge, type MergedMoments, NOTHING } from "./merged_moments.ts";
import { PersonErrors } from "./person_errors.ts";
import { type ValueOrder, valueOrder } from "./value_order.ts";
import { plainValueRows, STEP, type ValueRows } from "./value_rows.ts";
import { wasmValueRows } from "./value_rows_wasm.ts";

/** Sums one column after the other; what it says holds until the next. */
export class GroupMoments {
  /** The mean in each group. */
  readonly meanIn: Float64Array<ArrayBuffer>;
  /** The mean outside of each group. */
  readonly meanOut: Float64Array<ArrayBuffer>;
  /** The sum of squared deviations from the mean in each group. */
  readonly squaresIn: Float64Array<ArrayBuffer>;
  /** The sum of squared deviations from the mean outside of each group. */
  readonly squaresOut: Float64Array<ArrayBuffer>;
  /** How many questions of each group are above the threshold. */
  readonly active: Int32Array<ArrayBuffer>;
  /** How many are over all. */
  activeCount = 0;
  /** How many persons have such a question in each group. */
  readonly personsActive: Int32Array<ArrayBuffer>;

  readonly #design: SelectivityDesign;
  readonly #threshold: number;
  readonly #order: ValueOrder;
  readonly #rows: ValueRows;
  /** Where a person has several questions. */
  readonly #errors: PersonErrors | undefined;
  readonly #cellActive: Uint8Array<ArrayBuffer>;
  /** The mean of each group, less that of the whole column. */
  readonly #distances: Float64Array<ArrayBuffer>;

  /**
   * Makes room for columns of a design; the threshold is not below 0.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(design: SelectivityDesign, threshold: number, isPlain = false) {
    const { groupCount, counts, personCount, questionCount } = design;
    this.#design = design;
    this.#threshold = threshold;
    const perGroup = () => new Float64Array(groupCount);
    this.meanIn = perGroup();
    this.meanOut = perGroup();
    this.squaresIn = perGroup();
    this.squaresOut = perGroup();
    this.#distances = perGroup();
    this.active = new Int32Array(groupCount);
    this.personsActive = new Int32Array(groupCount);
    this.#cellActive = new Uint8Array(design.isOnce ? 0 : counts.length);
    this.#order = valueOrder(design);
    const rows = { places: this.#order.places, threshold };
    const room = questionCount + personCount;
    this.#rows = (isPlain ? undefined : wasmValueRows(rows, room)) ?? plainValueRows(rows, room);
    this.#errors = design.isSingle ? undefined : new PersonErrors(design, this.#rows, this.#order);
  }

  /** Sums a column, `[questions]`. */
  sum(column: Float32Array): void {
    this.#rows.column.set(column);
    this.#rows.place();
    this.#errors?.clear();
    this.#addUp();
    if (this.#design.isOnce) this.personsActive.set(this.active);
    else this.#countPersons(column);
    this.#deviate();
    this.#mergeOutside();
  }

  #addUp(): void {
    const { groupSizes, groupCount } = this.#design;
    const { values, parts } = this.#rows;
    const starts = this.#order.starts;
    this.activeCount = 0;
    for (let group = 0; group < groupCount; group++) {
      const [first, end] = [starts[group]!, starts[group + 1]!];
      const last = end - (end - first) % STEP;
      this.#rows.sum(first, last);
      let sum = parts[0]! + parts[1]! + parts[2]! + parts[3]!;
      let active = parts[4]! + parts[5]! + parts[6]! + parts[7]!;
      for (let i = last; i < end; i++) {
        sum += values[i]!;
        active += Number(values[i]! > this.#threshold);
      }
      this.meanIn[group] = groupSizes[group]! > 0 ? sum / groupSizes[group]! : 0;
      this.active[group] = active;
      this.activeCount += active;
    }
  }

  #countPersons(column: Float32Array): void {
    const { groupOf, cellOf } = this.#design;
    const personsActive = this.personsActive.fill(0);
    const cellActive = this.#cellActive.fill(0);
    for (let question = 0; question < column.length; question++) {
      if (!(column[question]! > this.#threshold)) continue;
      const cell = cellOf[question]!;
      personsActive[groupOf[question]!]! += 1 - cellActive[cell]!;
      cellActive[cell] = 1;
    }
  }

  /**
   * The second pass: squares around the means, and the means' own rounding. Means far from 0 are
   * compared by their distances from that of the column, which are known to more digits.
   */
  #deviate(): void {
    const { groupCount, groupSizes, questionCount } = this.#design;
    const { meanIn, squaresIn } = this;
    const { values, parts } = this.#rows;
    const starts = this.#order.starts;
    let center = 0;
    for (let group = 0; group < groupCount; group++) {
      center += meanIn[group]! * groupSizes[group]! / questionCount;
    }
    for (let group = 0; group < groupCount; group++) {
      const [first, end] = [starts[group]!, starts[group + 1]!];
      const last = end - (end - first) % STEP;
      const mean = meanIn[group]!;
      this.#rows.deviate(first, last, mean);
      let offset = parts[0]! + parts[1]! + parts[2]! + parts[3]!;
      let squares = parts[4]! + parts[5]! + parts[6]! + parts[7]!;
      for (let i = last; i < end; i++) {
        const deviation = values[i]! - mean;
        offset += deviation;
        squares += deviation * deviation;
      }
      const rounding = end === first ? 0 : offset / (end - first);
      squaresIn[group] = Math.max(0, squares - offset * rounding);
      this.#distances[group] = mean - center + rounding;
      meanIn[group] = mean + rounding;
    }
  }

  /** Outside of a group are those before it, merged one by one, and those after it. */
  #mergeOutside(): void {
    const { groupCount, groupSizes } = this.#design;
    const { meanIn, squaresIn, meanOut, squaresOut } = this;
    const distances = this.#distances;
    let before = NOTHING;
    const merged = [before];
    for (let group = 0; group < groupCount; group++) {
      before = merge(before, ofGroup(group));
      merged.push(before);
    }
    let after = NOTHING;
    for (let group = groupCount - 1; group >= 0; group--) {
      const outside = merge(merged[group]!, after);
      meanOut[group] = outside.mean;
      squaresOut[group] = outside.squares;
      after = merge(after, ofGroup(group));
    }

    function ofGroup(group: number): MergedMoments {
      return {
        n: groupSizes[group]!,
        mean: meanIn[group]!,
        distance: distances[group]!,
        squares: squaresIn[group]!,
      };
    }
  }

  /** The standard error of a group's difference of means, with persons as clusters. */
  standardError(group: number): number {
    const [meanIn, meanOut] = [this.meanIn[group]!, this.meanOut[group]!];
    if (this.#errors !== undefined) return this.#errors.standardError(group, { meanIn, meanOut });
    // Each question is a cluster.
    const { groupSizes, questionCount } = this.#design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const [squaresIn, squaresOut] = [this.squaresIn[group]!, this.squaresOut[group]!];
    const factor = questionCount / (questionCount - 1);
    return Math.sqrt(factor * (squaresIn / (nIn * nIn) + squaresOut / (nOut * nOut)));
  }
}
