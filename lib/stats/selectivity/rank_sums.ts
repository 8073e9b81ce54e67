/**
 * The rank sums of every group and cell, and the AUROCs' variances.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";

/** Sums the ranks of one column after the other; all numbers are whole. */
export class RankSums {
  /** Twice the sum of the midranks of each cell's questions that are not at 0. */
  readonly cellRanks: Wholes;
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
  readonly #below: Wholes;
  /** The same, of the cell's own questions. */
  readonly #own: Wholes;
  /** Twice how many questions of each group have been passed. */
  readonly #passed: Wholes;
  /** The same, at the questions of a tie: those that tie count half. */
  readonly #places: Wholes;
  readonly #zeroPlaces: Float64Array<ArrayBuffer>;
  /** How many questions of each group are not at 0. */
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  readonly #personNonzeros: Int32Array<ArrayBuffer>;
  readonly #personOf: Int32Array<ArrayBuffer>;
  /** Sums over all persons of their counts' squares and products, for those who are idle. */
  readonly #squares: Readonly<Record<"aa" | "ab" | "bb", Float64Array<ArrayBuffer>>>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount, personCount, counts, personSizes, cellOf } = design;
    this.#design = design;
    const wholes = (length: number) => roomForWholes(design, length);
    const perCell = () => wholes(counts.length);
    const perGroup = () => new Float64Array(groupCount);
    this.cellRanks = perCell();
    this.#below = perCell();
    this.#own = perCell();
    this.uDoubled = perGroup();
    this.#passed = wholes(groupCount);
    this.#places = wholes(groupCount);
    this.#zeroPlaces = perGroup();
    this.cellNonzeros = new Int32Array(counts.length);
    this.persons = new Int32Array(personCount);
    this.#nonzeros = new Int32Array(groupCount);
    this.#personNonzeros = new Int32Array(personCount);
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
    if (ranks.zeroCount === 0) this.#takeAll();
    else this.#findActive(ranks);
    const { nonzeroCount, negativeCount, zeroCount, zeroRank } = ranks;
    const { groupCount, groupSizes } = this.#design;
    this.#passed.fill(0);
    this.#walk(ranks, 0, negativeCount);
    for (let group = 0; group < groupCount; group++) {
      const zeros = groupSizes[group]! - this.#nonzeros[group]!;
      this.#zeroPlaces[group] = this.#passed[group]! + zeros;
      this.#passed[group]! += 2 * zeros;
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
      this.#personNonzeros[person] = 0;
      if (isMost) continue;
      const start = person * groupCount;
      for (const each of arrays) each.fill(0, start, start + groupCount);
    }
    this.uDoubled.fill(0);
    this.#nonzeros.fill(0);
  }

  #takeAll(): void {
    const { counts, groupSizes, personSizes, personCount } = this.#design;
    this.cellNonzeros.set(counts);
    this.#nonzeros.set(groupSizes);
    this.#personNonzeros.set(personSizes);
    this.#listPersons(personCount, personSizes);
  }

  #findActive({ questions, nonzeroCount }: ColumnRanks): void {
    const { groupOf, cellOf, isUniform, personCount, personSizes } = this.#design;
    const nonzeros = this.#nonzeros;
    const personOf = this.#personOf;
    const personNonzeros = this.#personNonzeros;
    const { cellNonzeros } = this;
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      nonzeros[groupOf[question]!]!++;
      cellNonzeros[cellOf[question]!]!++;
      personNonzeros[personOf[question]!]!++;
    }
    // With cells of different sizes, persons whose activations are all 0 differ within, too.
    if (nonzeroCount === 0 && isUniform) this.personCount = 0;
    else this.#listPersons(personCount, isUniform ? personNonzeros : personSizes);
  }

  #listPersons(personCount: number, counts: Int32Array): void {
    const { persons } = this;
    let found = 0;
    for (let person = 0; person < personCount; person++) {
      if (counts[person]! > 0) persons[found++] = person;
    }
    this.personCount = found;
  }

  /** Goes through sorted questions, tie by tie. */
  #walk({ questions, keys }: ColumnRanks, first: number, last: number): void {
    const { groupCount, groupOf, cellOf } = this.#design;
    const { cellRanks, uDoubled } = this;
    const below = this.#below;
    const own = this.#own;
    const passed = this.#passed;
    const places = this.#places;
    let rank = 2;
    for (let group = 0; group < groupCount; group++) rank += passed[group]!;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      let end = start + 1;
      while (end < last && keys[end] === key) end++;
      if (end === start + 1) {
        const question = questions[start]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        cellRanks[cell]! += rank;
        uDoubled[group]! += rank;
        for (let other = 0, at = cell - group; other < groupCount; other++, at++) {
          below[at]! += passed[other]!;
        }
        below[cell]! += 1; // it ties with itself
        own[cell]! += passed[group]! + 1;
        passed[group]! += 2;
      } else {
        places.set(passed);
        for (let i = start; i < end; i++) {
          const group = groupOf[questions[i]!]!;
          places[group]! += 1;
          passed[group]! += 2;
        }
        const tied = rank + end - start - 1;
        for (let i = start; i < end; i++) {
          const question = questions[i]!;
          const group = groupOf[question]!;
          const cell = cellOf[question]!;
          cellRanks[cell]! += tied;
          uDoubled[group]! += tied;
          own[cell]! += places[group]!;
          for (let other = 0, at = cell - group; other < groupCount; other++, at++) {
            below[at]! += places[other]!;
          }
        }
      }
      rank += 2 * (end - start);
      start = end;
    }
  }

  /** The variance of a group's AUROC; both sides must have two persons. */
  variance(group: number): number {
    const { groupCount, groupSizes, questionCount, counts, personSizes, personsIn, personsOut } =
      this.#design;
    const { persons, personCount, cellRanks, cellNonzeros } = this;
    const below = this.#below;
    const own = this.#own;
    const personNonzeros = this.#personNonzeros;
    const zero = this.#zeroPlaces[group]!;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const u = this.uDoubled[group]!;
    let zeroOthers = -zero;
    for (let each = 0; each < groupCount; each++) zeroOthers += this.#zeroPlaces[each]!;
    let aa = this.#squares.aa[group]!;
    let ab = this.#squares.ab[group]!;
    let bb = this.#squares.bb[group]!;
    let xx = 0;
    let yy = 0;
    let both = 0;
    for (let i = 0; i < personCount; i++) {
      const person = persons[i]!;
      const cell = person * groupCount + group;
      const a = counts[cell]!;
      const b = personSizes[person]! - a;
      aa -= a * a;
      ab -= a * b;
      bb -= b * b;
      const nonzerosIn = cellNonzeros[cell]!;
      const zerosOut = b - personNonzeros[person]! + nonzerosIn;
      const above = cellRanks[cell]! - nonzerosIn - own[cell]! + (a - nonzerosIn) * zeroOthers;
      const under = below[cell]! - own[cell]! + zerosOut * zero;
      const x = nIn * above - a * u;
      const y = nOut * (2 * nIn * b - under) - b * u;
      xx += x * x;
      yy += y * y;
      const sum = nOut * x + nIn * y;
      both += sum * sum;
    }
    // Those of whom every activation is 0 differ in their numbers of questions alone.
    const x = nIn * zeroOthers - u;
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
