/**
 * Means and spreads of a feature in every group and outside of it.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { merge, type MergedMoments, NOTHING } from "./merged_moments.ts";

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
  readonly #cellSums: Float64Array<ArrayBuffer>;
  readonly #personSums: Float64Array<ArrayBuffer>;
  #isAddedUp = false;
  readonly #cellActive: Uint8Array<ArrayBuffer>;
  /** The mean of each group, less that of the whole column. */
  readonly #distances: Float64Array<ArrayBuffer>;

  /** Makes room for columns of a design; the threshold is not below 0. */
  constructor(design: SelectivityDesign, threshold: number) {
    const { groupCount, counts, personCount } = design;
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
    const cells = design.isSingle ? 0 : counts.length;
    this.#cellSums = new Float64Array(cells);
    this.#personSums = new Float64Array(personCount);
    this.#cellActive = new Uint8Array(cells);
  }

  /** Sums a column, `[questions]`. */
  sum(column: Float32Array): void {
    if (this.#design.isOnce) this.#addUpOnce(column);
    else this.#addUp(column);
    this.#divide();
    this.#deviate(column);
    this.#mergeOutside();
    this.#isAddedUp = false;
  }

  #addUp(column: Float32Array): void {
    const { groupOf, cellOf, runEnds } = this.#design;
    const { meanIn, active, personsActive } = this;
    const cellSums = this.#cellSums.fill(0);
    const cellActive = this.#cellActive.fill(0);
    const threshold = this.#threshold;
    meanIn.fill(0);
    active.fill(0);
    personsActive.fill(0);
    for (let run = 0, question = 0; run < runEnds.length; run++) {
      const end = runEnds[run]!;
      const group = groupOf[question]!;
      let sum = 0;
      let count = 0;
      let persons = 0;
      for (; question < end; question++) {
        const value = column[question]!;
        if (value === 0) continue; // it adds nothing, and is not above the threshold
        const cell = cellOf[question]!;
        sum += value;
        cellSums[cell]! += value;
        if (value <= threshold) continue;
        count++;
        persons += 1 - cellActive[cell]!;
        cellActive[cell] = 1;
      }
      meanIn[group]! += sum;
      active[group]! += count;
      personsActive[group]! += persons;
    }
  }

  /** The same where no cell has more than one question; persons' sums are kept where they have several. */
  #addUpOnce(column: Float32Array): void {
    const { groupOf, cellOf, runEnds, isSingle } = this.#design;
    const { meanIn, active, personsActive } = this;
    const cellSums = this.#cellSums;
    const threshold = this.#threshold;
    meanIn.fill(0);
    active.fill(0);
    for (let run = 0, question = 0; run < runEnds.length; run++) {
      const end = runEnds[run]!;
      const group = groupOf[question]!;
      let sum = 0;
      let count = 0;
      for (; question < end; question++) {
        const value = column[question]!;
        sum += value;
        count += Number(value > threshold);
        if (!isSingle) cellSums[cellOf[question]!] = value;
      }
      meanIn[group]! += sum;
      active[group]! += count;
    }
    personsActive.set(active);
  }

  #divide(): void {
    const { groupSizes, groupCount } = this.#design;
    const { meanIn, active } = this;
    this.activeCount = 0;
    for (let group = 0; group < groupCount; group++) {
      if (groupSizes[group]! > 0) meanIn[group]! /= groupSizes[group]!;
      this.activeCount += active[group]!;
    }
  }

  /**
   * The second pass: squares around the means, and the means' own rounding. Means far from 0 are
   * compared by their distances from that of the column, which are known to more digits.
   */
  #deviate(column: Float32Array): void {
    const { groupOf, groupCount, groupSizes, questionCount, runEnds } = this.#design;
    const { meanIn, squaresIn } = this;
    const offsets = this.#distances.fill(0);
    squaresIn.fill(0);
    for (let run = 0, question = 0; run < runEnds.length; run++) {
      const end = runEnds[run]!;
      const group = groupOf[question]!;
      const mean = meanIn[group]!;
      let offset = 0;
      let squares = 0;
      for (; question < end; question++) {
        const deviation = column[question]! - mean;
        offset += deviation;
        squares += deviation * deviation;
      }
      offsets[group]! += offset;
      squaresIn[group]! += squares;
    }
    let center = 0;
    for (let group = 0; group < groupCount; group++) {
      center += meanIn[group]! * groupSizes[group]! / questionCount;
    }
    for (let group = 0; group < groupCount; group++) {
      const size = groupSizes[group]!;
      if (size === 0) continue;
      const offset = offsets[group]! / size;
      squaresIn[group] = Math.max(0, squaresIn[group]! - offsets[group]! * offset);
      this.#distances[group] = meanIn[group]! - center + offset;
      meanIn[group]! += offset;
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

  /** Only where it is asked for: most groups of a sparse feature have no interval. */
  #addPersons(): void {
    if (this.#isAddedUp) return;
    this.#isAddedUp = true;
    const { groupCount, personCount } = this.#design;
    const cellSums = this.#cellSums;
    const personSums = this.#personSums.fill(0);
    for (let group = 0, cell = 0; group < groupCount; group++) {
      for (let person = 0; person < personCount; person++) personSums[person]! += cellSums[cell++]!;
    }
  }

  /** The standard error of a group's difference of means, with persons as clusters. */
  standardError(group: number): number {
    const { groupSizes, questionCount, counts, personSizes, personCount, askedCount } =
      this.#design;
    const { isSingle, isBalanced } = this.#design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const factor = askedCount / (askedCount - 1);
    if (isSingle) {
      const [squaresIn, squaresOut] = [this.squaresIn[group]!, this.squaresOut[group]!];
      return Math.sqrt(factor * (squaresIn / (nIn * nIn) + squaresOut / (nOut * nOut)));
    }
    this.#addPersons();
    const cellSums = this.#cellSums;
    const personSums = this.#personSums;
    const meanIn = this.meanIn[group]!;
    const meanOut = this.meanOut[group]!;
    const [ofIn, ofOut] = [1 / nIn, 1 / nOut];
    const row = group * personCount;
    let squares = 0;
    if (isBalanced) {
      const expectedIn = meanIn * counts[0]!;
      const expectedOut = meanOut * (personSizes[0]! - counts[0]!);
      for (let person = 0; person < personCount; person++) {
        const own = cellSums[row + person]!;
        const deviation = (own - expectedIn) * ofIn -
          (personSums[person]! - own - expectedOut) * ofOut;
        squares += deviation * deviation;
      }
      return Math.sqrt(factor * squares);
    }
    for (let person = 0; person < personCount; person++) {
      const own = cellSums[row + person]!;
      const count = counts[row + person]!;
      const deviation = (own - meanIn * count) * ofIn -
        (personSums[person]! - own - meanOut * (personSizes[person]! - count)) * ofOut;
      squares += deviation * deviation;
    }
    return Math.sqrt(factor * squares);
  }
}
