/**
 * What relations are called in pictures.
 *
 * @module
 */
import { lackingLetters } from "../plot/fonts.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { RelationRecord } from "../results/relation_record.ts";

/** How much of a long name is read where there is little room, in letters. */
const READ = 20;

/**
 * The names of the rows, one for each relation. One with letters that no font has begins with the
 * relation's number, as two such names may look alike, and so do long ones that begin alike.
 */
export function rowNames(relations: readonly Pick<RelationRecord, "index" | "label">[]): string[] {
  const alike = Map.groupBy(relations, ({ label }) => label.slice(0, READ));
  return relations.map(({ index, label }) =>
    lackingLetters([label]).length > 0 || label.trim() === "" ||
      alike.get(label.slice(0, READ))!.length > 1
      ? `${index} ${label}`
      : label
  );
}

/** The names of the relations that a layer's slots were trained for; undefined where none is known. */
export function slotNames(
  { slotCount, relations, relations_left_out = [] }: LayerRecord,
): (string | undefined)[] {
  const labels = new Map(
    [...relations, ...relations_left_out].map(({ index, label }) => [index, label]),
  );
  return Array.from({ length: slotCount }, (_, slot) => labels.get(slot));
}

/** The same for several layers of one analysis: those of the layer with the most slots. */
export function slotNamesOfAll(records: readonly LayerRecord[]): (string | undefined)[] {
  return records.map(slotNames).reduce((a, b) => b.length > a.length ? b : a, []);
}
