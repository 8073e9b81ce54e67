/**
 * The AUROCs of a feature's wordings in the cell of a table.
 *
 * @module
 */
import { shareText } from "../base/number_text.ts";

/** With more wordings than that, their range is shown and not each. */
const MOST_SHOWN = 9;
/** Names that are longer, whole questions perhaps, would hide the numbers. */
const LONGEST_NAME = 12;

/**
 * `0: 0.91, 1: 0.93`; where names are long, without them; of many wordings, `0.71 to 0.93 (12)`.
 *
 * @param byWording The name and the AUROC of each wording; those without one are left out.
 * @param notes What is said in brackets behind the numbers. Default: nothing.
 * @param written How a name is written. Default: as it is.
 * @returns Undefined if no wording has an AUROC.
 */
export function wordingsText(
  byWording: readonly (readonly [name: string, auroc: number | null])[],
  notes: readonly string[] = [],
  written: (name: string) => string = (name) => name,
): string | undefined {
  const known = byWording.flatMap(([name, auroc]) => auroc === null ? [] : [{ name, auroc }]);
  if (known.length === 0) return undefined;
  const areMany = known.length > MOST_SHOWN;
  const areNamed = known.every(({ name }) => name.length <= LONGEST_NAME);
  const shown = (auroc: number) => shareText(auroc, 2);
  const aurocs = known.map(({ auroc }) => auroc);
  const text = areMany
    ? `${shown(Math.min(...aurocs))} to ${shown(Math.max(...aurocs))}`
    : known.map(({ name, auroc }) => `${areNamed ? `${written(name)}: ` : ""}${shown(auroc)}`)
      .join(", ");
  const said = [...(areMany ? [String(known.length)] : []), ...notes];
  return said.length === 0 ? text : `${text} (${said.join(", ")})`;
}
