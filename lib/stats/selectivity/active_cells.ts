/**
 * Counts the questions of a column that are not at 0, by cell, person and group, in TypeScript: see
 * `active_cells_code.ts`.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import type { RankWalk } from "./rank_walk.ts";

/** What is counted, of sorted questions. */
export type ActiveCells = Pick<
  RankWalk,
  "cellNonzeros" | "personNonzeros" | "nonzeros" | "persons" | "clear" | "count"
>;

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
