/**
 * The rank sums of every group and cell, and the AUROCs' variances.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { CountedBelow } from "./counted_below.ts";
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
  /** For each person and group, of all nonzero questions of the person: twice how many of the group are below. */
  readonly #below: CountedBelow;
  /** The same, of the cell's own questions. */
  readonly #own: Wholes;
  /** Twice how many questions of each group have been passed. */
  readonly #passed: Wholes;
  readonly #zeroPlaces: Float64Array<ArrayBuffer>;
  /** How many questions of each group are not at 0. */
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  readonly #personNonzeros: Int32Array<ArrayBuffer>;
  /** Sums over all persons of their counts' squares and products, for those who are idle. */
  readonly #squares: Readonly<Record<"aa" | "ab" | "bb", Float64Array<ArrayBuffer>>>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount, personCount, counts, personSizes } = design;
    this.#design = design;
    const perGroup = () => new Float64Array(groupCount);
    this.cellRanks = roomForWholes(design, counts.length);
    this.#own = roomForWholes(design, counts.length);
    this.#below = new CountedBelow(design);
    this.uDoubled = perGroup();
    this.#passed = roomForWholes(design, groupCount);
    this.#zeroPlaces = perGroup();
    this.cellNonzeros = new Int32Array(counts.length);
    this.persons = new Int32Array(personCount);
    this.#nonzeros = new Int32Array(groupCount);
    this.#personNonzeros = new Int32Array(personCount);
    this.#squares = { aa: perGroup(), ab: perGroup(), bb: perGroup() };
    counts.forEach((a, cell) => {
      const group = Math.floor(cell / personCount);
      const b = personSizes[cell % personCount]! - a;
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
    const { keys, nonzeroCount, negativeCount, zeroCount, zeroRank } = ranks;
    const { groupCount, groupSizes } = this.#design;
    this.#passed.fill(0);
    this.#walk(ranks, 0, negativeCount);
    for (let group = 0; group < groupCount; group++) {
      const zeros = groupSizes[group]! - this.#nonzeros[group]!;
      this.#zeroPlaces[group] = this.#passed[group]! + zeros;
      this.#passed[group]! += 2 * zeros;
    }
    this.#walk(ranks, negativeCount, nonzeroCount);
    this.#below.count(ranks, this.#nonzeros);
    this.isConstant = zeroCount === 0 ? keys[0] === keys[nonzeroCount - 1] : nonzeroCount === 0;
    for (let group = 0; group < groupCount; group++) {
      const n = groupSizes[group]!;
      this.uDoubled[group]! += (n - this.#nonzeros[group]!) * zeroRank - n * (n + 1);
    }
  }

  /** Only what the column before has touched is cleared: most persons are idle in a sparse one. */
  #clear(): void {
    const { cellRanks, cellNonzeros, persons } = this;
    const own = this.#own;
    const isMost = 4 * this.personCount > persons.length;
    if (isMost) { for (const each of [cellRanks, own, cellNonzeros]) each.fill(0); }
    for (let i = 0; i < this.personCount; i++) {
      const person = persons[i]!;
      this.#personNonzeros[person] = 0;
      if (isMost) continue;
      for (let cell = person; cell < cellRanks.length; cell += persons.length) {
        cellRanks[cell] = 0;
        own[cell] = 0;
        cellNonzeros[cell] = 0;
      }
    }
    this.#below.clear(persons, isMost ? undefined : this.personCount);
    this.uDoubled.fill(0);
    this.#nonzeros.fill(0);
  }

  #takeAll(): void {
    const { counts, groupSizes, personSizes } = this.#design;
    this.cellNonzeros.set(counts);
    this.#nonzeros.set(groupSizes);
    this.#personNonzeros.set(personSizes);
    this.#listPersons(personSizes);
  }

  #findActive({ questions, nonzeroCount }: ColumnRanks): void {
    const { groupOf, cellOf, personOf, isUniform, personSizes } = this.#design;
    const nonzeros = this.#nonzeros;
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
    else this.#listPersons(isUniform ? personNonzeros : personSizes);
  }

  #listPersons(counts: Int32Array): void {
    const { persons } = this;
    let found = 0;
    for (let person = 0; person < persons.length; person++) {
      if (counts[person]! > 0) persons[found++] = person;
    }
    this.personCount = found;
  }

  /** Goes through sorted questions, tie by tie. */
  #walk({ questions, keys }: ColumnRanks, first: number, last: number): void {
    const { groupCount, groupOf, cellOf } = this.#design;
    const { cellRanks, uDoubled } = this;
    const own = this.#own;
    const passed = this.#passed;
    let rank = 2;
    for (let group = 0; group < groupCount; group++) rank += passed[group]!;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      let end = start + 1;
      if (end === last || keys[end] !== key) {
        const question = questions[start]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        const below = passed[group]!;
        cellRanks[cell]! += rank;
        uDoubled[group]! += rank;
        own[cell]! += below + 1; // it ties with itself
        passed[group] = below + 2;
        rank += 2;
        start = end;
        continue;
      }
      while (end < last && keys[end] === key) end++;
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      const tied = rank + end - start - 1;
      for (let i = start; i < end; i++) {
        const question = questions[i]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        cellRanks[cell]! += tied;
        uDoubled[group]! += tied;
        own[cell]! += passed[group]!; // those of the tie count half
      }
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      rank += 2 * (end - start);
      start = end;
    }
  }

  /** The variance of a group's AUROC; both sides must have two persons. */
  variance(group: number): number {
    const { groupCount, groupSizes, questionCount, counts, personSizes, personsIn, personsOut } =
      this.#design;
    const { persons, personCount, cellRanks, cellNonzeros } = this;
    const { words, at: first, stride, shift, mask } = this.#below.of(group);
    const isPacked = mask !== 0;
    const own = this.#own;
    const personNonzeros = this.#personNonzeros;
    const zero = this.#zeroPlaces[group]!;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const u = this.uDoubled[group]!;
    const row = group * persons.length;
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
      const cell = row + person;
      const a = counts[cell]!;
      const b = personSizes[person]! - a;
      aa -= a * a;
      ab -= a * b;
      bb -= b * b;
      const word = words[first + stride * person]!;
      const below = isPacked ? word >>> shift & mask : word;
      const nonzerosIn = cellNonzeros[cell]!;
      const zerosOut = b - personNonzeros[person]! + nonzerosIn;
      const above = cellRanks[cell]! - nonzerosIn - own[cell]! + (a - nonzerosIn) * zeroOthers;
      const under = below - own[cell]! + zerosOut * zero;
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
