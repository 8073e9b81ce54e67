/**
 * A section of a verdict: sentences, and the tables against which they can be checked.
 *
 * @module
 */

/** A table; its cells are texts. */
export interface Table {
  /** What the table shows. */
  readonly caption: string;
  /** The columns' names. */
  readonly head: readonly string[];
  /** The rows. */
  readonly rows: readonly (readonly string[])[];
}

/** A section. */
export interface Section {
  /** Its heading, a question where it answers one. */
  readonly heading: string;
  /** Its paragraphs, one sentence or more each. */
  readonly sentences: readonly string[];
  /** Its tables. */
  readonly tables: readonly Table[];
}
