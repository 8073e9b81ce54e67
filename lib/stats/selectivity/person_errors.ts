/**
 * How uncertain differences of a group's mean from the others' are, with persons as clusters.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import type { PlacedValues } from "./placed_values.ts";
import type { ValueOrder } from "./value_order.ts";
import { STEP, type ValueRows } from "./value_rows.ts";

/** The mean of a group, and that of all other questions. */
export interface Means {
  /** The mean in the group. */
  readonly meanIn: number;
  /** The mean outside of it. */
  readonly meanOut: number;
}

/** Finds those of one column after the other. */
export class PersonErrors {
  readonly #design: SelectivityDesign;
  readonly #rows: ValueRows;
  readonly #placed: PlacedValues;
  readonly #isGrid: boolean;
  /** The cell of each place. */
  readonly #cells: Int32Array<ArrayBuffer>;
  /** The sum of each cell, where these are not the activations themselves. */
  readonly #cellSums: Float64Array<ArrayBuffer>;
  readonly #personSums: Float64Array<ArrayBuffer>;
  #isAddedUp = false;

  /** Makes room for columns of a design; past the activations, `rows` has room for a sum of each person. */
  constructor(
    design: SelectivityDesign,
    { rows, placed }: { rows: ValueRows; placed: PlacedValues },
    { places, isGrid }: ValueOrder,
  ) {
    const { questionCount, personCount, counts, cellOf } = design;
    this.#design = design;
    this.#rows = rows;
    this.#placed = placed;
    this.#isGrid = isGrid;
    this.#personSums = rows.values.subarray(questionCount, questionCount + personCount);
    this.#cellSums = new Float64Array(isGrid ? 0 : counts.length);
    this.#cells = new Int32Array(isGrid ? 0 : questionCount);
    if (!isGrid) places.forEach((place, question) => this.#cells[place] = cellOf[question]!);
  }

  /** Forgets the column before. */
  clear(): void {
    this.#isAddedUp = false;
  }

  /** The standard error of a group's difference of means. */
  standardError(group: number, means: Means): number {
    this.#addUp();
    const { askedCount } = this.#design;
    const factor = askedCount / (askedCount - 1);
    return Math.sqrt(
      factor * (this.#isGrid ? this.#ofGrid(group, means) : this.#ofAny(group, means)),
    );
  }

  /** Only where it is asked for: most groups of a sparse feature have no interval. */
  #addUp(): void {
    if (this.#isAddedUp) return;
    this.#isAddedUp = true;
    if (this.#isGrid) {
      this.#placed.total();
      return;
    }
    const { groupCount, personCount } = this.#design;
    const { values } = this.#rows;
    const cellSums = this.#cellSums.fill(0);
    this.#cells.forEach((cell, place) => cellSums[cell]! += values[place]!);
    const personSums = this.#personSums.fill(0);
    for (let group = 0, cell = 0; group < groupCount; group++) {
      for (let person = 0; person < personCount; person++) personSums[person]! += cellSums[cell++]!;
    }
  }

  #ofGrid(group: number, { meanIn, meanOut }: Means): number {
    const { groupCount, personCount, questionCount } = this.#design;
    const { values, parts } = this.#rows;
    const nIn = personCount;
    const nOut = questionCount - personCount;
    const weighing = {
      expectedIn: meanIn,
      ofIn: 1 / nIn,
      expectedOut: meanOut * (groupCount - 1),
      ofOut: 1 / nOut,
    };
    const first = group * personCount;
    const last = first + personCount - personCount % STEP;
    this.#rows.weigh(first, last, questionCount, weighing);
    let squares = parts[0]! + parts[1]! + parts[2]! + parts[3]!;
    for (let person = last - first; person < personCount; person++) {
      const own = values[first + person]!;
      const others = this.#personSums[person]! - own;
      const deviation = (own - meanIn) * weighing.ofIn -
        (others - weighing.expectedOut) * weighing.ofOut;
      squares += deviation * deviation;
    }
    return squares;
  }

  #ofAny(group: number, { meanIn, meanOut }: Means): number {
    const { groupSizes, questionCount, counts, personSizes, personCount } = this.#design;
    const cellSums = this.#cellSums;
    const personSums = this.#personSums;
    const nIn = groupSizes[group]!;
    const [ofIn, ofOut] = [1 / nIn, 1 / (questionCount - nIn)];
    const row = group * personCount;
    let squares = 0;
    for (let person = 0; person < personCount; person++) {
      const own = cellSums[row + person]!;
      const count = counts[row + person]!;
      const deviation = (own - meanIn * count) * ofIn -
        (personSums[person]! - own - meanOut * (personSizes[person]! - count)) * ofOut;
      squares += deviation * deviation;
    }
    return squares;
  }
}
