/**
 * The relations that questions are about: their numbers, their keys in files, their labels.
 *
 * @module
 */
import type { Subject } from "../base/advice.ts";
import { InputError, UsageError } from "../base/errors.ts";
import { visibleText } from "../base/visible_text.ts";

/** A relation. Slot `index` of a supervised SAE is the one trained for it. */
export interface Relation {
  /** Its number, `rule_idx` in the question file. */
  readonly index: number;
  /** Its name in JSON files: `birth_date`. */
  readonly key: string;
  /** Its name for readers, `Birth Date`; what is not to be seen in it is written as an escape. */
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
  const words = key.split(/[_\s]+/).filter(Boolean);
  return visibleText(words.map(capitalized).join(" ") || key); // which may be all underscores
}

function capitalized(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
}

/**
 * Picks relations by their keys and numbers. A number that no relation has, but one as its key, is
 * that key.
 *
 * @param relations All that there are.
 * @param wanted Keys as texts, and numbers. Default: all.
 * @returns Those picked, in the order of their numbers.
 * @throws {UsageError} If a relation is wanted that there is not, or a number is also another's key.
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
  checkRanges(relations, wanted);
  const picked = new Set(wanted.map((name) => pick(relations, name)));
  return relations.filter((relation) => picked.has(relation));
}

/** What a wish for relations that cannot be met is about. */
const SUBJECT: Subject = { setting: "relations" };

function pick(relations: readonly Relation[], name: string | number): Relation {
  const key = canonical(String(name));
  const named = relations.find((each) => each.key === key);
  const numbered = relations.find(({ index }) => index === name);
  if (named !== undefined && numbered !== undefined && named !== numbered) {
    throw new UsageError(
      `${name} is the number of one relation (key ${numbered.key}) and the key of another ` +
        `(number ${named.index})`,
      { subject: SUBJECT, advice: { kind: "name_relation", keys: [numbered.key, named.key] } },
    );
  }
  const relation = named ?? numbered;
  if (relation !== undefined) return relation;
  const known = relations.map(({ index, key }) => `${index} ${key}`).join(", ");
  throw new UsageError(`there is no relation ${name}; there are ${known}`, { subject: SUBJECT });
}

/**
 * A range of numbers may be the name of a relation, too.
 *
 * @throws {UsageError} If one is, and the numbers are wanted.
 */
function checkRanges(relations: readonly Relation[], wanted: readonly (string | number)[]): void {
  for (const { key } of relations) {
    const [, first, last] = /^(\d{1,3})-(\d{1,3})$/.exec(key) ?? [];
    const at = wanted.indexOf(Number(first));
    const count = Number(last) - Number(first) + 1;
    if (at === -1 || !(count > 0)) continue;
    const run = wanted.slice(at, at + count);
    if (run.length < count || run.some((each, i) => each !== Number(first) + i)) continue;
    throw new UsageError(`${key} is a range of numbers and the name of a relation`, {
      subject: SUBJECT,
      advice: { kind: "name_relation", keys: [key], orOthers: true },
    });
  }
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
  const given = new Set(Array.from(names.values(), (name) => name && canonical(name)));
  // Where the file gives AlignSAE's name to another number, its numbers are not AlignSAE's.
  const defaultOf = (index: number) => given.has(defaults[index]) ? undefined : defaults[index];
  const nameOf = (index: number) => names.get(index) ?? defaultOf(index);
  const relations = Array.from({ length: count }, (_, i) => makeRelation(i, nameOf(i)));
  for (const { index, key } of relations) {
    const other = relations.findIndex((each) => each.key === key);
    if (other === index) continue;
    const spellings = new Set([other, index].map(nameOf).filter((name) => name !== undefined));
    const written = spellings.size > 1 ? ` (${[...spellings].join(", ")})` : "";
    throw new InputError(
      `Relations ${other} and ${index} of the questions are both named ${key}${written}`,
    );
  }
  return distinctLabels(relations);
}

/** Relations that a reader could not tell apart get their numbers into their labels. */
function distinctLabels(relations: readonly Relation[]): Relation[] {
  const looks = relations.map(({ label }) => label.normalize("NFC"));
  return relations.map((relation, i) => {
    const isAlone = looks.indexOf(looks[i]!) === i && looks.lastIndexOf(looks[i]!) === i;
    return isAlone ? relation : { ...relation, label: `${relation.label} (${relation.index})` };
  });
}
