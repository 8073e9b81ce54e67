/**
 * How uncertain a feature's AUROCs and differences are over persons and wordings.
 *
 * @module
 */
import { LEAST_OF_EACH, twoWayVariance } from "../two_way_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import { type SelectivityDesign, selectivityDesign } from "./design.ts";
import { GroupMoments } from "./group_moments.ts";
import { RankSums } from "./rank_sums.ts";

/** Sums with clusters of one kind. */
interface Clusters {
  readonly design: SelectivityDesign;
  readonly ranks: RankSums;
  readonly moments: GroupMoments;
}

/**
 * The wording of each question, from 0, each group's own: the first wording of one relation is another
 * text than that of the next.
 */
export function wordingsOfGroups(
  { groupOf, groupCount }: Pick<SelectivityDesign, "groupOf" | "groupCount">,
  wordings: ArrayLike<number>,
): Int32Array<ArrayBuffer> {
  return numbered(groupOf.map((group, i) => wordings[i]! * groupCount + group));
}

/** Whether each group has enough persons and wordings in it and outside of it. */
export function hasManyWordings(
  byPerson: SelectivityDesign,
  byWording: SelectivityDesign,
): boolean[] {
  return Array.from(
    { length: byPerson.groupCount },
    (_, group) =>
      [byPerson, byWording].every(({ personsIn, personsOut }) =>
        Math.min(personsIn[group]!, personsOut[group]!) >= LEAST_OF_EACH
      ),
  );
}

/** Sums one column after the other. */
export class WordingVariances {
  /** Whether each group has enough persons and wordings. */
  readonly isCovered: readonly boolean[];
  readonly #byWording: Clusters;
  readonly #byBoth: Clusters;

  /**
   * Makes room for columns of a design; undefined where no group has enough persons and wordings.
   *
   * @param wordings The wording of each question, from 0.
   */
  static of(
    design: SelectivityDesign,
    wordings: ArrayLike<number>,
  ): WordingVariances | undefined {
    const own = wordingsOfGroups(design, wordings);
    const { groupOf, groupCount } = design;
    const byWording = selectivityDesign(groupOf, { groupCount, persons: own });
    const isCovered = hasManyWordings(design, byWording);
    if (!isCovered.includes(true)) return undefined;
    return new WordingVariances(design, { own, byWording, isCovered });
  }

  private constructor(
    { groupOf, groupCount, personOf }: SelectivityDesign,
    { own, byWording, isCovered }: {
      own: Int32Array;
      byWording: SelectivityDesign;
      isCovered: readonly boolean[];
    },
  ) {
    const most = own.reduce((a, b) => Math.max(a, b), 0) + 1;
    const both = numbered(personOf.map((person, i) => person * most + own[i]!));
    this.#byWording = clustersOf(byWording);
    this.#byBoth = clustersOf(selectivityDesign(groupOf, { groupCount, persons: both }));
    this.isCovered = isCovered;
  }

  /** Sums a column. */
  sum(column: Float32Array, ranks: ColumnRanks): void {
    for (const clusters of [this.#byWording, this.#byBoth]) {
      clusters.ranks.sum(ranks);
      clusters.moments.sum(column, ranks);
    }
  }

  /** How many wordings the smaller side of a group has. */
  leastWordings(group: number): number {
    const { personsIn, personsOut } = this.#byWording.design;
    return Math.min(personsIn[group]!, personsOut[group]!);
  }

  /** The variance of a group's AUROC, from that with persons as clusters. */
  variance(group: number, persons: number): number {
    const [wordings, both] = [this.#byWording, this.#byBoth]
      .map(({ ranks }) => ranks.variance(group));
    return twoWayVariance({ persons, wordings: wordings!, both: both! });
  }

  /** The standard error of a group's difference of means, from that with persons as clusters. */
  standardError(group: number, persons: number): number {
    const [wordings, both] = [this.#byWording, this.#byBoth]
      .map(({ moments }) => moments.standardError(group) ** 2);
    return Math.sqrt(
      twoWayVariance({ persons: persons ** 2, wordings: wordings!, both: both! }),
    );
  }
}

function clustersOf(design: SelectivityDesign): Clusters {
  return { design, ranks: new RankSums(design), moments: new GroupMoments(design, 0) };
}

/** Numbers in the order in which they occur. */
function numbered(keys: Int32Array): Int32Array<ArrayBuffer> {
  const numbers = new Map<number, number>();
  return Int32Array.from(keys, (key) => numbers.getOrInsert(key, numbers.size));
}
