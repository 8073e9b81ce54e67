/**
 * The tails of all groups' rank sums where no names can be permuted within persons: a group's blocks
 * are drawn from all.
 *
 * @module
 */
import { DrawnLevels, type ScoreLevels } from "../drawn_levels.ts";
import { levelsOf } from "../drawn_tail.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { RankSums } from "./rank_sums.ts";

/** Finds the tails of one column after the other. */
export class DrawnTails {
  readonly #design: SelectivityDesign;
  /** The cells that hold questions. */
  readonly #cells: Int32Array<ArrayBuffer>;
  /** How many of them each group has. */
  readonly #drawn: Int32Array<ArrayBuffer>;
  /** The sum of each group's scores. */
  readonly #observed: Float64Array<ArrayBuffer>;
  /** Whether each cell holds one question: then the ranks are the scores, and sorted already. */
  readonly #isSingle: boolean;
  #levels = new DrawnLevels({ values: new Float64Array(0), counts: new Float64Array(0) });

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    this.#design = design;
    const { counts, groupCount, personCount } = design;
    this.#cells = Int32Array.from(counts.keys()).filter((cell) => counts[cell]! > 0);
    this.#isSingle = counts.every((count) => count <= 1);
    this.#observed = new Float64Array(groupCount);
    this.#drawn = new Int32Array(groupCount);
    for (const cell of this.#cells) this.#drawn[Math.floor(cell / personCount)]!++;
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, sums: RankSums): void {
    const { counts, questionCount, personCount } = this.#design;
    const zeroScore = ranks.zeroRank - questionCount - 1;
    const observed = this.#observed.fill(0);
    const scores = this.#isSingle ? undefined : new Float64Array(this.#cells.length);
    for (let i = 0; i < this.#cells.length; i++) {
      const cell = this.#cells[i]!;
      const nonzeros = sums.cellNonzeros[cell]!;
      const score = sums.cellRanks[cell]! - nonzeros * (questionCount + 1) +
        (counts[cell]! - nonzeros) * zeroScore;
      observed[Math.floor(cell / personCount)]! += score;
      if (scores !== undefined) scores[i] = score;
    }
    this.#levels = new DrawnLevels(
      scores === undefined ? levelsOfRanks(ranks, questionCount) : levelsOf(scores),
    );
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
): ScoreLevels {
  const most = nonzeroCount + 1;
  const values = new Float64Array(most);
  const counts = new Float64Array(most);
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
