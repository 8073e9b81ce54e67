/**
 * Passes the few questions of a column whose activations are those of others, between those that
 * `distinct_walk_code.ts` passes.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { type DistinctLayout, PERSON, ROWS, SHORTS } from "./distinct_layout.ts";

/** How many numbers of 16 bits a person has. */
const NUMBERS = PERSON / 2;

/** Passes ties. */
export class DistinctTies {
  /** The rows of all persons. */
  readonly #persons: Int16Array<ArrayBuffer>;
  readonly #known: Uint16Array<ArrayBuffer>;
  readonly #passed: Int16Array<ArrayBuffer>;
  readonly #choosing: Int32Array<ArrayBuffer>;

  /** Begins, in the memory of the walk. */
  constructor(
    buffer: ArrayBuffer,
    layout: DistinctLayout,
    { questionCount, personCount }: SelectivityDesign,
  ) {
    this.#persons = new Int16Array(buffer, layout.persons, NUMBERS * personCount);
    this.#known = new Uint16Array(buffer, layout.known, questionCount);
    this.#passed = new Int16Array(buffer, layout.passed, SHORTS);
    this.#choosing = new Int32Array(buffer, layout.choosing, 1);
  }

  /**
   * Passes the sorted questions of one tie, from the first to before the end; all before are passed.
   *
   * @param rank Twice their midrank.
   */
  pass(questions: Int32Array, first: number, end: number, rank: number): void {
    const [persons, passed] = [this.#persons, this.#passed];
    let chosen = 0;
    // Those of a tie count half: they are passed in two turns.
    for (let i = first; i < end; i++) {
      const known = this.#known[questions[i]!]!;
      chosen += known & 1;
      passed[known >> 1 & SHORTS - 1]!++;
    }
    for (let i = first; i < end; i++) {
      const known = this.#known[questions[i]!]!;
      const group = known >> 1 & SHORTS - 1;
      const row = NUMBERS * (known >> 4);
      persons[row + ROWS.rank / 2 + group] = rank;
      persons[row + ROWS.choosing / 2 + group] = this.#choosing[0]! + chosen + 1;
      persons[row + ROWS.own / 2 + group] = passed[group]!;
      for (let other = 0; other < SHORTS; other++) {
        persons[row + ROWS.below / 2 + other]! += passed[other]!;
      }
    }
    for (let i = first; i < end; i++) {
      passed[this.#known[questions[i]!]! >> 1 & SHORTS - 1]!++;
    }
    this.#choosing[0]! += 2 * chosen;
  }
}
