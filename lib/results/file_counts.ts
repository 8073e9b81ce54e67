/**
 * How many features of which kind there are: `freeCount` and `slotCount` in the code, `n_free` and
 * `n_relation` in JSON files, as AlignSAE calls them. Here, and only here, one becomes the other.
 *
 * @module
 */
import type { Schema } from "../files/json.ts";

/** The numbers as the code calls them; null where they are not known. */
export interface Counts {
  /** How many free features there are. */
  readonly freeCount: number | null;
  /** How many slots there are. */
  readonly slotCount: number | null;
}

/** The same value as a file says it. */
export type InFile<T extends Counts> = Omit<T, keyof Counts> & {
  /** How many free features there are. */
  n_free: T["freeCount"];
  /** How many slots there are. */
  n_relation: T["slotCount"];
};

const NAMES_IN_FILE: ReadonlyMap<string, string> = new Map([
  ["freeCount", "n_free"],
  ["slotCount", "n_relation"],
]);
const NAMES_IN_CODE: ReadonlyMap<string, string> = new Map(
  [...NAMES_IN_FILE].map(([inCode, inFile]) => [inFile, inCode]),
);

/** What a file says of a value, its fields in their order. */
export function toFile<T extends Counts>(value: T): InFile<T> {
  return renamed(value, NAMES_IN_FILE) as InFile<T>;
}

/** A value, of what a file says of it. */
export function fromFile<T extends Counts>(inFile: InFile<T>): T {
  return renamed(inFile, NAMES_IN_CODE) as T;
}

function renamed(value: object, names: ReadonlyMap<string, string>): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [names.get(name) ?? name, content]),
  );
}

/**
 * A schema that reads what a file says, and gives what the code takes. Its JSON Schema describes the
 * file.
 *
 * @param read Makes a value of what the file says.
 */
export function schemaOfFile<F, T>(file: Schema<F>, read: (inFile: F) => T): Schema<T> {
  return {
    parse: (value) => read(file.parse(value)),
    safeParse(value) {
      const checked = file.safeParse(value);
      return checked.success ? { success: true, data: read(checked.data) } : checked;
    },
    toJSONSchema: () => file.toJSONSchema(),
  };
}
