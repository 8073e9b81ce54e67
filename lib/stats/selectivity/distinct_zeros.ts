/**
 * Passes the questions of a column whose activation is 0, between those below and those above: all at once, for they
 * are one tie.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { type DistinctLayout, SHORTS } from "./distinct_layout.ts";

/** Passes questions at 0. */
export class DistinctZeros {
  readonly #groupSizes: Int32Array<ArrayBuffer>;
  readonly #passed: Int16Array<ArrayBuffer>;
  readonly #choosing: Int32Array<ArrayBuffer>;
  readonly #counted: Int16Array<ArrayBuffer>;
  readonly #countedChoosing: Int32Array<ArrayBuffer>;
  readonly #belowZeros: Int16Array<ArrayBuffer>;
  /** How many questions choose. */
  #choosingCount = 0;

  /** Begins, in the memory of the walk. */
  constructor(
    buffer: ArrayBuffer,
    layout: DistinctLayout,
    { design, isChoosing }: { design: SelectivityDesign; isChoosing: ArrayLike<number> },
  ) {
    this.#groupSizes = design.groupSizes;
    const shorts = (at: number) => new Int16Array(buffer, at, SHORTS);
    this.#passed = shorts(layout.passed);
    this.#choosing = new Int32Array(buffer, layout.choosing, 1);
    this.#counted = shorts(layout.counted);
    this.#countedChoosing = new Int32Array(buffer, layout.countedChoosing, 1);
    this.#belowZeros = shorts(layout.belowZeros);
    for (let question = 0; question < design.questionCount; question++) {
      this.#choosingCount += Number(isChoosing[question] === 1);
    }
  }

  /** Passes them; those that are not at 0 have been counted. Returns twice their midrank among those that choose. */
  pass(): number {
    const passed = this.#passed;
    for (let group = 0; group < this.#groupSizes.length; group++) {
      const zeros = this.#groupSizes[group]! - this.#counted[group]!;
      this.#belowZeros[group] = passed[group]! + zeros; // those of a tie count half
      passed[group]! += 2 * zeros;
    }
    const zeros = this.#choosingCount - this.#countedChoosing[0]! / 2;
    const rank = this.#choosing[0]! + zeros + 1;
    this.#choosing[0]! += 2 * zeros;
    return rank;
  }
}
