/**
 * The rank sums of every group and cell, and the AUROCs' variances.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import { type ColumnRanks, SPARSE_ONE_IN } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { type DistinctWalk, distinctWalk } from "./distinct_walk.ts";
import { plainRankWalk, type RankWalk } from "./rank_walk.ts";
import { wasmRankWalk } from "./rank_walk_wasm.ts";
import { productsOf, type RankedPersons } from "./rank_products.ts";
import { copyFirst, type Wholes } from "./wholes.ts";

/** Sums the ranks of one column after the other; all numbers are whole. */
export class RankSums implements RankedPersons {
  /** Twice the sum of the midranks of each cell's questions that are not at 0. */
  cellRanks: Wholes;
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

  /** Whether no activation is 0, or those at 0 count as all others. */
  hasNoZeros = false;
  /** Who is asked what. */
  readonly design: SelectivityDesign;
  /** Sums over questions that are not at 0. */
  readonly walk: RankWalk;
  /** Where few activations of the column are equal, but for those at 0, and these are not most: sums over all questions. */
  distinct: DistinctWalk | undefined;
  /** Twice how many questions of each group are below one at 0; ties count half. */
  readonly zeroPlaces: Float64Array<ArrayBuffer>;
  /** How many questions of each person are not at 0. */
  readonly personNonzeros: Int32Array<ArrayBuffer>;
  /** Sums over all persons of their counts' squares and products, for those who are idle. */
  readonly squares: Readonly<Record<"aa" | "ab" | "bb", Float64Array<ArrayBuffer>>>;
  /** How many questions of each group are not at 0. */
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  /** Makes the walk of {@linkcode distinct}, which sparse columns do not need; and it, once it has been made. */
  readonly #makeDistinct: () => DistinctWalk | undefined;
  #distinct: { readonly walk: DistinctWalk | undefined } | undefined;
  /** How many questions of the last column have been gone through, which stand with the walk. */
  #walkedCount = 0;
  /** Whether all questions have been counted without that. */
  #isAllTaken = false;

  /**
   * Makes room for columns of a design.
   *
   * @param options Whether to do without vectors, which changes no number. Whether each question is one of those
   * that choose, 1 or 0: none are, by default.
   */
  constructor(
    design: SelectivityDesign,
    { isPlain = false, isChoosing = [] }: {
      isPlain?: boolean;
      isChoosing?: ArrayLike<number>;
    } = {},
  ) {
    const { groupCount, personCount, counts, personSizes } = design;
    this.design = design;
    const perGroup = () => new Float64Array(groupCount);
    this.walk = (isPlain ? undefined : wasmRankWalk(design)) ?? plainRankWalk(design);
    this.#makeDistinct = () => isPlain ? undefined : distinctWalk(design, isChoosing);
    this.cellRanks = this.walk.cellRanks;
    this.uDoubled = perGroup();
    this.zeroPlaces = perGroup();
    this.cellNonzeros = this.walk.cellNonzeros;
    this.persons = this.walk.persons;
    this.#nonzeros = this.walk.nonzeros;
    this.personNonzeros = this.walk.personNonzeros;
    this.squares = { aa: perGroup(), ab: perGroup(), bb: perGroup() };
    counts.forEach((a, cell) => {
      const group = Math.floor(cell / personCount);
      const b = personSizes[cell % personCount]! - a;
      this.squares.aa[group]! += a * a;
      this.squares.ab[group]! += a * b;
      this.squares.bb[group]! += b * b;
    });
  }

  /** Sums the ranks of a column. */
  sum(ranks: ColumnRanks): void {
    const { ties } = ranks;
    if (ties !== undefined && SPARSE_ONE_IN * ranks.nonzeroCount >= this.design.questionCount) {
      this.#distinct ??= { walk: this.#makeDistinct() };
      const { walk } = this.#distinct;
      if (walk !== undefined) {
        this.#sumDistinct(walk, ranks, ties);
        return;
      }
    }
    this.distinct = undefined;
    this.cellRanks = this.walk.cellRanks;
    this.#clear();
    this.hasNoZeros = ranks.zeroCount === 0;
    const { questions, nonzeroCount, negativeCount, zeroCount, zeroRank, hasTies } = ranks;
    const { groupCount, groupSizes, questionCount } = this.design;
    const walk = this.walk;
    copyFirst(questions, walk.questions, nonzeroCount);
    this.#walkedCount = nonzeroCount;
    if (hasTies) copyFirst(ranks.keys, walk.keys, nonzeroCount);
    if (this.hasNoZeros) this.#takeAll();
    else this.#countActive(nonzeroCount);
    walk.walk(0, negativeCount, hasTies);
    for (let group = 0; group < groupCount; group++) {
      const zeros = groupSizes[group]! - this.#nonzeros[group]!;
      this.zeroPlaces[group] = walk.passed[group]! + zeros;
      walk.passed[group]! += 2 * zeros;
    }
    walk.walk(negativeCount, nonzeroCount, hasTies);
    const { keys } = walk;
    this.isConstant = zeroCount === 0
      ? questionCount === 1 || hasTies && keys[0] === keys[nonzeroCount - 1]
      : nonzeroCount === 0;
    for (let group = 0; group < groupCount; group++) {
      const n = groupSizes[group]!;
      this.uDoubled[group] = walk.rankSum(group) +
        (n - this.#nonzeros[group]!) * zeroRank - n * (n + 1);
    }
  }

  #sumDistinct(
    walk: DistinctWalk,
    { questions, nonzeroCount, negativeCount }: ColumnRanks,
    ties: ArrayLike<number>,
  ): void {
    const { groupCount, groupSizes, questionCount } = this.design;
    // What the column before has left is what this one would.
    if (this.distinct === undefined) {
      this.#clear();
      this.#takeAll();
      this.zeroPlaces.fill(0);
    }
    this.distinct = walk;
    this.cellRanks = walk.cellRanks;
    this.hasNoZeros = true; // those at 0 have been passed as all others
    this.isConstant = ties.length + 1 === questionCount;
    walk.questions.set(questions);
    walk.walk({ nonzeroCount, negativeCount, ties });
    for (let group = 0; group < groupCount; group++) {
      const n = groupSizes[group]!;
      this.uDoubled[group] = walk.rankSum(group) - n * (n + 1);
    }
  }

  /** Only what the column before has touched is cleared: most persons are idle in a sparse one. */
  #clear(): void {
    const { cellRanks, own, below, cellNonzeros, personNonzeros } = this.walk;
    const isMost = this.#isAllTaken ||
      SPARSE_ONE_IN * this.#walkedCount > this.design.questionCount;
    if (isMost) {
      for (const each of [cellRanks, own, below, cellNonzeros, personNonzeros]) each.fill(0);
    }
    this.walk.clear(isMost ? 0 : this.#walkedCount);
    this.#walkedCount = 0;
    this.#isAllTaken = false;
  }

  #takeAll(): void {
    const { counts, groupSizes, personSizes } = this.design;
    this.cellNonzeros.set(counts);
    this.#nonzeros.set(groupSizes);
    this.personNonzeros.set(personSizes);
    this.#listAll();
    this.#isAllTaken = true;
  }

  #countActive(nonzeroCount: number): void {
    this.personCount = this.walk.count(nonzeroCount);
    // With cells of different sizes, persons whose activations are all 0 differ within, too.
    if (!this.design.isUniform) this.#listAll();
  }

  #listAll(): void {
    const { persons } = this;
    const { personSizes } = this.design;
    let found = 0;
    for (let person = 0; person < persons.length; person++) {
      if (personSizes[person]! > 0) persons[found++] = person;
    }
    this.personCount = found;
  }

  /** The variance of a group's AUROC; both sides must have two persons. */
  variance(group: number): number {
    const { groupSizes, questionCount, personsIn, personsOut, askedCount } = this.design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    return obuchowski(productsOf(this, group), {
      nIn,
      nOut,
      i10: personsIn[group]!,
      i01: personsOut[group]!,
      persons: askedCount,
    });
  }
}
