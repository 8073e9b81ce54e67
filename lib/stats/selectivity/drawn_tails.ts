/**
 * The tails of all groups' rank sums where no names can be permuted within persons: a group's blocks
 * are drawn from all.
 *
 * @module
 */
import { drawnTail } from "../drawn_tail.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { RankSums } from "./rank_sums.ts";

/** Finds the tails of one column after the other. */
export class DrawnTails {
  readonly #design: SelectivityDesign;
  /** The cells that hold questions. */
  readonly #cells: Int32Array<ArrayBuffer>;
  readonly #scores: Float64Array<ArrayBuffer>;
  /** For each group, which of these cells are its own. */
  readonly #isDrawn: readonly boolean[][];

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    this.#design = design;
    const { counts, groupCount } = design;
    this.#cells = Int32Array.from(counts.keys()).filter((cell) => counts[cell]! > 0);
    this.#scores = new Float64Array(this.#cells.length);
    this.#isDrawn = Array.from(
      { length: groupCount },
      (_, group) => Array.from(this.#cells, (cell) => cell % groupCount === group),
    );
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, sums: RankSums): void {
    const { counts, questionCount } = this.#design;
    const zeroScore = ranks.zeroRank - questionCount - 1;
    this.#cells.forEach((cell, i) => {
      const nonzeros = sums.cellNonzeros[cell]!;
      this.#scores[i] = sums.cellRanks[cell]! - nonzeros * (questionCount + 1) +
        (counts[cell]! - nonzeros) * zeroScore;
    });
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const { lnTail } = drawnTail(this.#scores, this.#isDrawn[group]!);
    return lnTail === 0 ? 0 : Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}
