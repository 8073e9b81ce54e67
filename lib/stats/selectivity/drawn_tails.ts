/**
 * The tails of all groups' rank sums where no names can be permuted within persons: a group's blocks
 * are drawn from all.
 *
 * @module
 */
import { DrawnLevels } from "../drawn_levels.ts";
import type { ScoreLevels } from "../level_sets.ts";
import { levelsOf } from "../drawn_tail.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { RankSums } from "./rank_sums.ts";
import { SingleSums } from "./single_sums.ts";

/** Finds the tails of one column after the other. */
export class DrawnTails {
  readonly #design: SelectivityDesign;
  readonly #sums: RankSums | SingleSums;
  /** The cells that hold questions, where persons have several. */
  readonly #cells: Int32Array<ArrayBuffer>;
  /** How many of them each group has. */
  readonly #drawn: Int32Array<ArrayBuffer>;
  /** The sum of each group's scores. */
  readonly #observed: Float64Array<ArrayBuffer>;
  /** Room for the levels of single questions. */
  readonly #levelsOfRanks: ScoreLevels;
  /** Those of ranks without ties, which are the same for all columns. */
  #untied: DrawnLevels | undefined;
  #levels = new DrawnLevels({ values: new Float64Array(0), counts: new Float64Array(0) });

  /** Makes room for columns of a design, whose ranks are summed before. */
  constructor(design: SelectivityDesign, sums: RankSums | SingleSums) {
    this.#sums = sums;
    this.#design = design;
    const { counts, groupCount, personCount, groupSizes, isSingle, questionCount } = design;
    this.#cells = Int32Array.from(isSingle ? [] : counts.keys())
      .filter((cell) => counts[cell]! > 0);
    this.#observed = new Float64Array(groupCount);
    this.#drawn = new Int32Array(groupCount);
    if (isSingle) this.#drawn.set(groupSizes);
    for (const cell of this.#cells) this.#drawn[Math.floor(cell / personCount)]!++;
    const room = () => new Float64Array(isSingle ? questionCount + 1 : 0);
    this.#levelsOfRanks = { values: room(), counts: room() };
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks): void {
    const sums = this.#sums;
    const { groupSizes, questionCount } = this.#design;
    if (sums instanceof SingleSums) {
      // The ranks are the scores, and sorted already.
      groupSizes.forEach((n, group) =>
        this.#observed[group] = sums.uDoubled[group]! + n * (n - questionCount)
      );
      this.#levels = this.#levelsOf(ranks, sums.tiedCount);
    } else this.#levels = new DrawnLevels(levelsOf(this.#readCells(ranks, sums)));
  }

  /** The levels of ranks, of which so many are tied. */
  #levelsOf(ranks: ColumnRanks, tiedCount: number): DrawnLevels {
    const { questionCount } = this.#design;
    if (this.#untied === undefined) {
      const values = Float64Array.from(
        { length: questionCount },
        (_, i) => 2 * i + 1 - questionCount,
      );
      this.#untied = new DrawnLevels(
        { values, counts: new Float64Array(questionCount).fill(1) },
        true,
      );
    }
    if (tiedCount === 0) return this.#untied;
    const isNearly = tiedCount <= questionCount / 20;
    return new DrawnLevels(
      levelsOfRanks(ranks, questionCount, this.#levelsOfRanks),
      isNearly ? this.#untied : undefined,
    );
  }

  #readCells(ranks: ColumnRanks, sums: RankSums): Float64Array {
    const { counts, questionCount, personCount } = this.#design;
    const zeroScore = ranks.zeroRank - questionCount - 1;
    const observed = this.#observed.fill(0);
    const scores = new Float64Array(this.#cells.length);
    for (let i = 0; i < this.#cells.length; i++) {
      const cell = this.#cells[i]!;
      const nonzeros = sums.cellNonzeros[cell]!;
      const score = sums.cellRanks[cell]! - nonzeros * (questionCount + 1) +
        (counts[cell]! - nonzeros) * zeroScore;
      observed[Math.floor(cell / personCount)]! += score;
      scores[i] = score;
    }
    return scores;
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const { lnTail } = this.#levels.tail({
      drawn: this.#drawn[group]!,
      observed: this.#observed[group]!,
    });
    return lnTail === 0 ? 0 : Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}

/** The scores of single questions, from ranks that are sorted. */
function levelsOfRanks(
  { keys, nonzeroCount, negativeCount, zeroCount }: ColumnRanks,
  questionCount: number,
  { values, counts }: ScoreLevels,
): ScoreLevels {
  let [levels, below] = [0, 0];
  const add = (count: number) => {
    values[levels] = 2 * below + count - questionCount; // twice the midrank, less questions + 1
    counts[levels++] = count;
    below += count;
  };
  const walk = (first: number, last: number) => {
    for (let start = first; start < last;) {
      let end = start + 1;
      while (end < last && keys[end] === keys[start]) end++;
      add(end - start);
      start = end;
    }
  };
  walk(0, negativeCount);
  if (zeroCount > 0) add(zeroCount);
  walk(negativeCount, nonzeroCount);
  return { values: values.subarray(0, levels), counts: counts.subarray(0, levels) };
}
