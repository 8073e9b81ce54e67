/**
 * One relation among those of a result.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import type { Relation } from "../questions/relations.ts";

/**
 * The place of the relation that an option names, by the rule of `pickRelations`: by its key or its number;
 * `name=3` is the one with the key 3.
 *
 * @param option The option: it begins the message.
 * @throws {UsageError} If there is none, or the number of one is the key of another.
 */
export function findRelation(
  relations: readonly Pick<Relation, "index" | "key">[],
  wanted: string,
  option: string,
): number {
  const byKey = (key: string) => relations.findIndex((each) => each.key === key);
  const named = byKey(wanted);
  const numbered = relations.findIndex(({ index }) => String(index) === wanted);
  if (named !== -1 && numbered !== -1 && named !== numbered) {
    const [other, own] = [relations[numbered]!, relations[named]!];
    throw new UsageError(
      `${option}: ${wanted} is the number of one relation (key ${other.key}) and the key of another ` +
        `(number ${own.index}); write name=${other.key} or name=${own.key}`,
    );
  }
  const found = [named, numbered, byKey(wanted.replace(/^name=/, ""))].find((at) => at !== -1);
  if (found !== undefined) return found;
  const known = relations.map(({ key }) => key).join(", ");
  throw new UsageError(`${option}: there is no relation ${wanted}; there are ${known}`);
}
