/**
 * What results say of their relations.
 *
 * @module
 */
import { z } from "zod";
import type { Zod } from "../files/schema_shape.ts";
import { visibleText } from "../base/visible_text.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import { areDistinct, count, index, LONGEST, text } from "./schema_parts.ts";

/** A relation, and how many questions about it were used. */
export interface RelationRecord {
  /** Its number, `rule_idx` in the question file, and its slot. */
  index: number;
  /** Its name in JSON files. */
  key: string;
  /** Its name for readers. */
  label: string;
  /** How many questions were used. */
  questions: number;
}

/** What names a relation. */
const relationNames = {
  index,
  key: text(LONGEST.key).min(1),
  label: text(LONGEST.label)
    .refine((label) => label === visibleText(label), "it holds what is not to be seen"),
};

const relationSchema: Zod<RelationRecord> = z.object({ ...relationNames, questions: count });

/** A relation that a run left out, as others were picked. */
export const leftOutSchema: Zod<Omit<RelationRecord, "questions">> = z.object(relationNames);

/** The rows of a matrix: results are told apart by a relation's key, and slots by its number. */
export const relationsSchema: Zod<RelationRecord[]> = z.array(relationSchema).min(1).max(
  MAX_RELATIONS,
)
  .refine((all) => areDistinct(all.map(({ key }) => key)), "two relations have the same key")
  .refine((all) => areDistinct(all.map(({ index }) => index)), "two relations have the same index");
