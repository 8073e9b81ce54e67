/**
 * Counts the questions of a column that are not at 0, by cell, person and group, in TypeScript: see
 * `active_cells_code.ts`.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** What is counted, of sorted questions. */
export interface ActiveCells {
  /** For each cell, how many questions have been counted. */
  readonly cellNonzeros: Int32Array<ArrayBuffer>;
  /** The same for each person. */
  readonly personNonzeros: Int32Array<ArrayBuffer>;
  /** The same for each group. */
  readonly nonzeros: Int32Array<ArrayBuffer>;
  /** Room for persons: those who have been counted, ascending. */
  readonly persons: Int32Array<ArrayBuffer>;
  /** Makes all numbers 0 that so many sorted questions, which are still there, have been added to. */
  clear(many: number): void;
  /** Counts so many sorted questions, and lists their persons; returns how many these are. */
  count(many: number): number;
}

/** Makes room for columns of a design. */
export function activeCells(
  { groupCount, personCount, counts, groupOf, cellOf, personOf }: SelectivityDesign,
  questions: Int32Array,
): ActiveCells {
  const cellNonzeros = new Int32Array(counts.length);
  const personNonzeros = new Int32Array(personCount);
  const nonzeros = new Int32Array(groupCount);
  const persons = new Int32Array(personCount);
  return {
    cellNonzeros,
    personNonzeros,
    nonzeros,
    persons,
    clear(many) {
      nonzeros.fill(0);
      for (let i = 0; i < many; i++) {
        cellNonzeros[cellOf[questions[i]!]!] = 0;
        personNonzeros[personOf[questions[i]!]!] = 0;
      }
    },
    count(many) {
      for (let i = 0; i < many; i++) {
        const question = questions[i]!;
        cellNonzeros[cellOf[question]!]!++;
        personNonzeros[personOf[question]!]!++;
        nonzeros[groupOf[question]!]!++;
      }
      let found = 0;
      for (let person = 0; person < personCount; person++) {
        if (personNonzeros[person]! > 0) persons[found++] = person;
      }
      return found;
    },
  };
}
