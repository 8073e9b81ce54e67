/**
 * Means and spreads of a feature in every group and outside of it.
 *
 * @module
 */
import { activationThreshold } from "../activation_threshold.ts";
import type { SelectivityDesign } from "./design.ts";
import { type ColumnRanks, SPARSE_ONE_IN } from "./column_ranks.ts";
import { type FewMoments, wasmFewMoments } from "./few_moments_wasm.ts";
import { type ColumnSums, type GroupSums, sumsOfAll, SumsOfFew } from "./group_sums.ts";
import { MergedMoments, mergeOutside } from "./merged_moments.ts";
import { PersonErrors } from "./person_errors.ts";
import { PlacedValues } from "./placed_values.ts";
import { valueOrder } from "./value_order.ts";
import { plainValueRows } from "./value_rows.ts";
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
  readonly #placed: PlacedValues;
  readonly #sumsOfAll: ColumnSums;
  readonly #sumsOfFew: SumsOfFew;
  /** What does the same as the sums of few, and all that follows, at once. */
  readonly #momentsOfFew: FewMoments | undefined;
  readonly #sums: GroupSums;
  #column: Float32Array = new Float32Array(0);
  /** Of a column of which few activations are not 0: which these are. */
  #few: ColumnRanks | undefined;
  #isPlaced = false;
  /** Where a person has several questions. */
  readonly #errors: PersonErrors | undefined;
  readonly #cellActive: Uint8Array<ArrayBuffer>;
  /** The mean of each group, less that of the whole column. */
  readonly #distances: Float64Array<ArrayBuffer>;
  readonly #parts: MergedMoments;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(design: SelectivityDesign, above: number, isPlain = false) {
    const threshold = activationThreshold(above);
    const { groupCount, counts, personCount, questionCount } = design;
    this.#design = design;
    this.#threshold = threshold;
    const perGroup = () => new Float64Array(groupCount);
    const most = Math.ceil(questionCount / SPARSE_ONE_IN);
    const few = isPlain ? undefined : wasmFewMoments(design, { threshold, most });
    this.#momentsOfFew = few;
    this.meanIn = few?.meanIn ?? perGroup();
    this.meanOut = few?.meanOut ?? perGroup();
    this.squaresIn = few?.squaresIn ?? perGroup();
    this.squaresOut = few?.squaresOut ?? perGroup();
    this.#distances = perGroup();
    this.#parts = new MergedMoments(2 * groupCount + 2);
    this.active = few?.active ?? new Int32Array(groupCount);
    this.personsActive = new Int32Array(groupCount);
    this.#cellActive = new Uint8Array(design.isOnce ? 0 : counts.length);
    this.#sums = { sums: perGroup(), others: perGroup() };
    this.#sumsOfFew = new SumsOfFew(design, threshold);
    const order = valueOrder(design);
    const rows = { places: order.places, threshold };
    const room = questionCount + personCount;
    const code = (isPlain ? undefined : wasmValueRows(rows, room)) ?? plainValueRows(rows, room);
    const placed = new PlacedValues(design, code, order.places);
    this.#placed = placed;
    this.#errors = design.isSingle
      ? undefined
      : new PersonErrors(design, { rows: code, placed }, order);
    this.#sumsOfAll = sumsOfAll(code, order, threshold);
  }

  /**
   * Sums a column, `[questions]`.
   *
   * @param ranks The order of its activations: if few of them are not 0, only these are gone through.
   */
  sum(column: Float32Array, ranks?: ColumnRanks): void {
    const isSparse = ranks !== undefined && SPARSE_ONE_IN * ranks.nonzeroCount < column.length;
    this.#column = column;
    this.#few = isSparse ? ranks : undefined;
    this.#isPlaced = false;
    this.#errors?.clear();
    if (isSparse && this.#momentsOfFew !== undefined) {
      this.#sumFew(this.#momentsOfFew, column, ranks);
      this.#countPersons(column);
      return;
    }
    if (!isSparse) this.#place();
    if (isSparse) this.#sumsOfFew.read(column, ranks);
    const sums = isSparse ? this.#sumsOfFew : this.#sumsOfAll;
    sums.sum(this.#sums);
    this.#divide();
    this.#countPersons(column);
    sums.deviate(this.#sums, this.meanIn);
    this.#correct();
    mergeOutside(this.#parts, this.#design.groupSizes, this.#distances, this);
  }

  #sumFew(code: FewMoments, column: Float32Array, { questions, nonzeroCount }: ColumnRanks): void {
    const { groupOf, groupCount } = this.#design;
    const { groups, values } = code;
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      groups[i] = 8 * groupOf[question]!;
      values[i] = column[question]!;
    }
    code.sum(nonzeroCount);
    this.activeCount = 0;
    for (let group = 0; group < groupCount; group++) this.activeCount += this.active[group]!;
  }

  /** Puts the column's activations in their places; where few are not 0, only if they are asked for. */
  #place(): void {
    if (this.#isPlaced) return;
    this.#isPlaced = true;
    if (this.#few === undefined) this.#placed.placeAll(this.#column);
    else this.#placed.placeFew(this.#column, this.#few);
  }

  #divide(): void {
    const { groupSizes, groupCount } = this.#design;
    const { sums, others } = this.#sums;
    this.activeCount = 0;
    for (let group = 0; group < groupCount; group++) {
      this.meanIn[group] = groupSizes[group]! > 0 ? sums[group]! / groupSizes[group]! : 0;
      this.active[group] = others[group]!;
      this.activeCount += others[group]!;
    }
  }

  #countPersons(column: Float32Array): void {
    const { groupOf, cellOf, isOnce } = this.#design;
    if (isOnce) {
      this.personsActive.set(this.active);
      return;
    }
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
   * Corrects the means, and squares around them, by the means' own rounding. Means far from 0 are compared by
   * their distances from that of the column, which are known to more digits.
   */
  #correct(): void {
    const { groupCount, groupSizes, questionCount } = this.#design;
    const { meanIn, squaresIn } = this;
    const { sums: offsets, others: squares } = this.#sums;
    let center = 0;
    for (let group = 0; group < groupCount; group++) {
      center += meanIn[group]! * groupSizes[group]! / questionCount;
    }
    for (let group = 0; group < groupCount; group++) {
      const size = groupSizes[group]!;
      const rounding = size === 0 ? 0 : offsets[group]! / size;
      squaresIn[group] = Math.max(0, squares[group]! - offsets[group]! * rounding);
      this.#distances[group] = meanIn[group]! - center + rounding;
      meanIn[group]! += rounding;
    }
  }

  /** The standard error of a group's difference of means, with persons as clusters. */
  standardError(group: number): number {
    const meanIn = this.meanIn[group]!;
    const meanOut = this.meanOut[group]!;
    if (this.#errors !== undefined) {
      this.#place();
      return this.#errors.standardError(group, { meanIn, meanOut });
    }
    // Each question is a cluster.
    const { groupSizes, questionCount } = this.#design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const [squaresIn, squaresOut] = [this.squaresIn[group]!, this.squaresOut[group]!];
    const factor = questionCount / (questionCount - 1);
    return Math.sqrt(factor * (squaresIn / (nIn * nIn) + squaresOut / (nOut * nOut)));
  }
}
