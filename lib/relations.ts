/**
 * The relations that questions are about: their numbers, their keys in files, their labels.
 *
 * @module
 */
import { InputError, UsageError } from "./errors.ts";

/** A relation. Slot `index` of a supervised SAE is the one trained for it. */
export interface Relation {
  /** Its number, `rule_idx` in the question file. */
  readonly index: number;
  /** Its name in JSON files: `birth_date`. */
  readonly key: string;
  /** Its name for readers: `Birth Date`. */
  readonly label: string;
}

/** Names that the question files and the result files spell differently. */
const RENAMED: Readonly<Record<string, string>> = { company_city: "work_city" };

/**
 * AlignSAE's relations, for question files that only number them. Files that name their relations,
 * or have another number of them, say themselves what they are about.
 */
const ALIGNSAE_NAMES = [
  "birth_date",
  "birth_city",
  "university",
  "major",
  "employer",
  "work_city",
] as const;

/** The highest number of relations that a question file may speak of. */
export const MAX_RELATIONS = 1000;

/**
 * The relation of a number and of its name in a question file.
 *
 * @param name `rule_name` of the questions. Default: `relation_` and the number.
 */
export function makeRelation(index: number, name: string = `relation_${index}`): Relation {
  const key = canonical(name);
  return { index, key, label: labelOf(key) };
}

function canonical(name: string): string {
  return Object.hasOwn(RENAMED, name) ? RENAMED[name]! : name;
}

function labelOf(key: string): string {
  return key.split(/[_\s]+/).filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1)).join(" ");
}

/**
 * Picks relations by their keys and numbers.
 *
 * @param relations All that there are.
 * @param wanted Keys and numbers. Default: all.
 * @returns Those picked, in the order of their numbers.
 * @throws {UsageError} If a relation is wanted that there is not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listRelations, pickRelations } from "@coact/coact";
 *
 * const relations = listRelations(new Map([[0, "birth_date"], [1, "major"], [2, "employer"]]));
 * assert.deepEqual(pickRelations(relations, ["employer", 0]).map(({ index }) => index), [0, 2]);
 * ```
 */
export function pickRelations(
  relations: readonly Relation[],
  wanted?: readonly (string | number)[],
): Relation[] {
  if (wanted === undefined) return [...relations];
  const picked = new Set(wanted.map((name) => {
    const key = typeof name === "string" ? canonical(name) : undefined;
    const relation = relations.find((each) => each.key === key || each.index === name);
    if (relation !== undefined) return relation;
    const known = relations.map(({ index, key }) => `${index} ${key}`).join(", ");
    throw new UsageError(`there is no relation ${name}; there are ${known}`, {
      subject: { setting: "relations" },
    });
  }));
  return relations.filter((relation) => picked.has(relation));
}

/**
 * The relations that a question file's names and an SAE's slots speak of.
 *
 * @param names The names in the question file, by number.
 * @param slotCount The number of slots of the SAEs. Default: as many as the question file has.
 * @throws {InputError} If two numbers have the same name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listRelations } from "@coact/coact";
 *
 * const relations = listRelations(new Map([[0, "birth_date"], [1, undefined]]));
 * assert.deepEqual(relations.map(({ key }) => key), ["birth_date", "relation_1"]);
 * assert.equal(relations[0]?.label, "Birth Date");
 * ```
 */
export function listRelations(
  names: ReadonlyMap<number, string | undefined>,
  slotCount?: number,
): Relation[] {
  const count = slotCount ?? Math.max(-1, ...names.keys()) + 1;
  const defaults = count === ALIGNSAE_NAMES.length ? ALIGNSAE_NAMES : [];
  const relations = Array.from(
    { length: count },
    (_, i) => makeRelation(i, names.get(i) ?? defaults[i]),
  );
  const seen = new Map<string, number>();
  for (const { index, key } of relations) {
    const other = seen.get(key);
    if (other !== undefined) {
      throw new InputError(
        `Relations ${other} and ${index} of the questions are both named ${key}`,
      );
    }
    seen.set(key, index);
  }
  return relations;
}
