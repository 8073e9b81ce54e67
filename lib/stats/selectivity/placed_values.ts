/**
 * The activations of a column, group by group: all of them, or those that are not 0, if they are few.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { ValueRows } from "./value_rows.ts";

/** Puts the activations of one column after the other in their places, among 0. */
export class PlacedValues {
  readonly #design: SelectivityDesign;
  readonly #rows: ValueRows;
  /** The place of each question. */
  readonly #places: Int32Array<ArrayBuffer>;
  /** Whether there are those of all questions; else of some, which are the only ones that are not 0. */
  #isOfAll = false;
  readonly #questions: Int32Array<ArrayBuffer>;
  #count = 0;

  /** Makes room for columns of a design; past the activations, `rows` has room for a sum of each person. */
  constructor(design: SelectivityDesign, rows: ValueRows, places: Int32Array<ArrayBuffer>) {
    this.#design = design;
    this.#rows = rows;
    this.#places = places;
    this.#questions = new Int32Array(design.questionCount);
  }

  /** Puts all activations in their places. */
  placeAll(column: Float32Array): void {
    this.#rows.column.set(column);
    this.#rows.place();
    this.#isOfAll = true;
  }

  /** Puts those in their places that are not 0. */
  placeFew(column: Float32Array, { questions, nonzeroCount }: ColumnRanks): void {
    this.#clear();
    const { values } = this.#rows;
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      this.#questions[i] = question;
      values[this.#places[question]!] = column[question]!;
    }
    this.#count = nonzeroCount;
  }

  /** Only what stands there is cleared: it is little where columns are sparse. */
  #clear(): void {
    const { values } = this.#rows;
    const { questionCount, personOf } = this.#design;
    if (this.#isOfAll) values.fill(0);
    else {
      for (let i = 0; i < this.#count; i++) {
        const question = this.#questions[i]!;
        values[this.#places[question]!] = 0;
        values[questionCount + personOf[question]!] = 0;
      }
    }
    this.#isOfAll = false;
  }

  /** Writes each person's sum past the activations, where each person has one in each group. */
  total(): void {
    const { groupCount, personCount, questionCount, personOf } = this.#design;
    if (this.#isOfAll) {
      this.#rows.total(groupCount, personCount, questionCount);
      return;
    }
    const { values } = this.#rows;
    for (let i = 0; i < this.#count; i++) {
      const person = personOf[this.#questions[i]!]!;
      let sum = 0;
      for (let at = person; at < questionCount; at += personCount) sum += values[at]!;
      values[questionCount + person] = sum;
    }
  }
}
