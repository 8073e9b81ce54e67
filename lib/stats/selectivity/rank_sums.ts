/**
 * The rank sums of every group and cell, and the AUROCs' variances.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";

/** Sums the ranks of one column after the other; all numbers are whole. */
export class RankSums {
  /** Twice the sum of the midranks of each cell's questions that are not at 0. */
  readonly cellRanks: Float64Array<ArrayBuffer>;
  /** How many questions of each cell are not at 0. */
  readonly cellNonzeros: Int32Array<ArrayBuffer>;
  /** The persons with such a question, ascending; all, if cells differ in size. */
  readonly persons: Int32Array<ArrayBuffer>;
  /** How many there are. */
  personCount = 0;
  /** Twice the Mann-Whitney U of each group. */
  readonly uDoubled: Float64Array<ArrayBuffer>;
  /** Whether all activations are equal. */
  isConstant = false;

  readonly #design: SelectivityDesign;
  /** For each cell, of all nonzero questions of its person: twice how many of its group are below. */
  readonly #below: Float64Array<ArrayBuffer>;
  /** The same, of the cell's own questions. */
  readonly #own: Float64Array<ArrayBuffer>;
  /** Twice how many questions of each group are below the questions of a tie, or tie. */
  readonly #places: Float64Array<ArrayBuffer>;
  /** How many questions of each group are below the present place. */
  readonly #passed: Float64Array<ArrayBuffer>;
  readonly #zeroPlaces: Float64Array<ArrayBuffer>;
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  readonly #isActive: Uint8Array<ArrayBuffer>;
  readonly #personOf: Int32Array<ArrayBuffer>;
  /** Sums over all persons of their counts' squares and products, for those who are idle. */
  readonly #squares: Readonly<Record<"aa" | "ab" | "bb", Float64Array<ArrayBuffer>>>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount, personCount, counts, personSizes, cellOf } = design;
    this.#design = design;
    const perCell = () => new Float64Array(counts.length);
    const perGroup = () => new Float64Array(groupCount);
    [this.cellRanks, this.#below, this.#own] = [perCell(), perCell(), perCell()];
    [this.uDoubled, this.#places, this.#passed, this.#zeroPlaces] = [
      perGroup(),
      perGroup(),
      perGroup(),
      perGroup(),
    ];
    this.cellNonzeros = new Int32Array(counts.length);
    this.persons = new Int32Array(personCount);
    this.#nonzeros = new Int32Array(groupCount);
    this.#isActive = new Uint8Array(personCount);
    this.#personOf = cellOf.map((cell) => Math.floor(cell / groupCount));
    this.#squares = { aa: perGroup(), ab: perGroup(), bb: perGroup() };
    counts.forEach((a, cell) => {
      const group = cell % groupCount;
      const b = personSizes[(cell - group) / groupCount]! - a;
      this.#squares.aa[group]! += a * a;
      this.#squares.ab[group]! += a * b;
      this.#squares.bb[group]! += b * b;
    });
  }

  /** Sums the ranks of a column. */
  sum(ranks: ColumnRanks): void {
    this.#clear();
    this.#markActive(ranks);
    const { nonzeroCount, negativeCount, zeroCount, zeroRank } = ranks;
    const { groupCount, groupSizes } = this.#design;
    this.#passed.fill(0);
    this.#walk(ranks, 0, negativeCount);
    for (let group = 0; group < groupCount; group++) {
      const zeros = groupSizes[group]! - this.#nonzeros[group]!;
      this.#zeroPlaces[group] = 2 * this.#passed[group]! + zeros;
      this.#passed[group]! += zeros;
    }
    this.#walk(ranks, negativeCount, nonzeroCount);
    const { keys } = ranks;
    this.isConstant = zeroCount === 0 ? keys[0] === keys[nonzeroCount - 1] : nonzeroCount === 0;
    for (let group = 0; group < groupCount; group++) {
      const n = groupSizes[group]!;
      this.uDoubled[group]! += (n - this.#nonzeros[group]!) * zeroRank - n * (n + 1);
    }
  }

  /** Only what the column before has touched is cleared: most persons are idle in a sparse one. */
  #clear(): void {
    const { groupCount } = this.#design;
    const isMost = 4 * this.personCount > this.persons.length;
    const arrays = [this.cellRanks, this.#below, this.#own, this.cellNonzeros];
    if (isMost) { for (const each of arrays) each.fill(0); }
    for (let i = 0; i < this.personCount; i++) {
      const person = this.persons[i]!;
      this.#isActive[person] = 0;
      if (isMost) continue;
      const start = person * groupCount;
      for (const each of arrays) each.fill(0, start, start + groupCount);
    }
    this.uDoubled.fill(0);
    this.#nonzeros.fill(0);
  }

  #markActive({ questions, nonzeroCount }: ColumnRanks): void {
    const { groupOf, cellOf, isUniform, personCount } = this.#design;
    const [isActive, nonzeros, personOf] = [this.#isActive, this.#nonzeros, this.#personOf];
    const { cellNonzeros, persons } = this;
    let found = 0;
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      nonzeros[groupOf[question]!]!++;
      cellNonzeros[cellOf[question]!]!++;
      const person = personOf[question]!;
      found += 1 - isActive[person]!;
      isActive[person] = 1;
    }
    // With cells of different sizes, persons whose activations are all 0 differ within, too.
    if (!isUniform) isActive.fill(1);
    let at = 0;
    if (isUniform && found === 0) {
      this.personCount = 0;
      return;
    }
    for (let person = 0; person < personCount; person++) {
      if (isActive[person] === 1) persons[at++] = person;
    }
    this.personCount = at;
  }

  /** Goes through sorted questions, tie by tie. */
  #walk({ questions, keys }: ColumnRanks, first: number, last: number): void {
    const { groupCount, groupOf, cellOf } = this.#design;
    const { cellRanks, uDoubled } = this;
    const [below, own, places, passed] = [this.#below, this.#own, this.#places, this.#passed];
    let total = 0; // the questions passed so far
    for (let group = 0; group < groupCount; group++) total += passed[group]!;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      for (let group = 0; group < groupCount; group++) places[group] = 2 * passed[group]!;
      let end = start;
      do {
        const group = groupOf[questions[end]!]!;
        places[group]!++;
        passed[group]!++;
        end++;
      } while (end < last && keys[end] === key);
      const rank = 2 * total + end - start + 1;
      total += end - start;
      for (let i = start; i < end; i++) {
        const question = questions[i]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        const row = cell - group;
        cellRanks[cell]! += rank;
        uDoubled[group]! += rank;
        own[cell]! += places[group]!;
        for (let other = 0; other < groupCount; other++) below[row + other]! += places[other]!;
      }
      start = end;
    }
  }

  /** The variance of a group's AUROC; both sides must have two persons. */
  variance(group: number): number {
    const { groupCount, groupSizes, questionCount, counts, personSizes, personsIn, personsOut } =
      this.#design;
    const { persons, personCount, cellRanks, cellNonzeros } = this;
    const [below, own, zeroPlaces] = [this.#below, this.#own, this.#zeroPlaces];
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const u = this.uDoubled[group]!;
    const zero = zeroPlaces[group]!;
    let zeroAll = 0;
    for (let each = 0; each < groupCount; each++) zeroAll += zeroPlaces[each]!;
    let { aa, ab, bb } = {
      aa: this.#squares.aa[group]!,
      ab: this.#squares.ab[group]!,
      bb: this.#squares.bb[group]!,
    };
    let xx = 0, yy = 0, both = 0;
    for (let i = 0; i < personCount; i++) {
      const person = persons[i]!;
      const cell = person * groupCount + group;
      const a = counts[cell]!;
      const b = personSizes[person]! - a;
      aa -= a * a;
      ab -= a * b;
      bb -= b * b;
      const nonzeroIn = cellNonzeros[cell]!;
      let nonzeros = 0;
      for (let each = cell - group; each < cell - group + groupCount; each++) {
        nonzeros += cellNonzeros[each]!;
      }
      const zerosIn = a - nonzeroIn;
      const zerosOut = b - nonzeros + nonzeroIn;
      const above = cellRanks[cell]! - nonzeroIn - own[cell]! + zerosIn * (zeroAll - zero);
      const under = below[cell]! - own[cell]! + zerosOut * zero;
      const x = nIn * above - a * u;
      const y = nOut * (2 * nIn * b - under) - b * u;
      xx += x * x;
      yy += y * y;
      const sum = nOut * x + nIn * y;
      both += sum * sum;
    }
    // Those of whom every activation is 0 differ in their numbers of questions alone.
    const x = nIn * (zeroAll - zero) - u;
    const y = nOut * (2 * nIn - zero) - u;
    xx += x * x * aa;
    yy += y * y * bb;
    both += nOut * nOut * x * x * aa + 2 * nOut * nIn * x * y * ab + nIn * nIn * y * y * bb;
    return obuchowski({ xx, yy, both }, {
      nIn,
      nOut,
      i10: personsIn[group]!,
      i01: personsOut[group]!,
      persons: this.#design.askedCount,
    });
  }
}
