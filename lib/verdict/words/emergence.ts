/**
 * What is said of where relations emerge.
 *
 * @module
 */
import type { Section } from "../section.ts";
import type { Verdict } from "../verdict.ts";
import { whatIsMarked } from "./length.ts";
import { auroc, byChance, cellOf, listed, sentence, withInterval } from "./numbers.ts";

/** The section on where relations emerge. */
export function emergenceSection(verdict: Verdict): Section {
  const { emergence, sites } = verdict;
  const heading = "Where does each relation emerge?";
  if (emergence.every(({ aurocs }) => aurocs.every(({ auroc }) => auroc.value === null))) {
    const reason = emergence[0]!.aurocs[0]?.auroc.reason;
    return { heading, sentences: [`Not known: ${reason}.`], tables: [] };
  }
  const controls = sites.filter(({ seesLengthOnly }) => seesLengthOnly === true)
    .map(({ name }) => name);
  const places = new Map<string | null, string[]>();
  const above = new Map<string | null, string[]>();
  for (const { group, first, firstAboveControl } of emergence) {
    places.getOrInsertComputed(first, () => []).push(group);
    above.getOrInsertComputed(firstAboveControl, () => []).push(group);
  }
  const sentences = [
    firstLayers(places, `the interval of the AUROC of ${whatIsMarked(verdict)} lies above ½`) +
    ofChance(verdict),
  ];
  if (controls.length > 0 && sites.length > controls.length) {
    const [see, than] = controls.length === 1
      ? ["sees", `that of ${controls[0]}`]
      : ["see", "the greatest of these that has an interval,"];
    sentences.push(
      `${
        sentence(listed(controls))
      } ${see} only length, and so an AUROC above ½ there is no sign of the ` +
        `relation. ${
          firstLayers(
            above,
            `the AUROC is above ${than} and the interval of the difference above 0`,
          )
        }${differences(verdict)}`,
    );
  }
  return {
    heading,
    sentences,
    tables: [{
      caption: `AUROC of ${whatIsMarked(verdict)}`,
      head: ["layer", ...emergence.map(({ group }) => group)],
      rows: sites.map(({ name }, k) => [
        name,
        ...emergence.map(({ aurocs }) => cellOf(aurocs[k]!.auroc, auroc)),
      ]),
    }],
  };
}

/** How often an interval of 95 % lies above what is true. */
const ABOVE_BY_CHANCE = 0.025;

/** The more layers are looked at, the easier one of them seems to be the first. */
function ofChance({ emergence }: Verdict): string {
  const intervals = emergence.flatMap(({ aurocs }) => aurocs)
    .filter(({ auroc }) => auroc.interval !== null).length;
  if (emergence.every(({ first }) => first === null)) return "";
  return ` Of the intervals in the table, ${
    byChance(intervals, ABOVE_BY_CHANCE)
  } would lie above ½ if no relation were ` +
    "told apart at any layer: a first layer that the next ones do not follow may be such a one.";
}

/** Names as a list; those that hold a comma stand in quotation marks. */
function named(groups: readonly string[]): string {
  return listed(groups.map((group) => group.includes(",") ? `“${group}”` : group));
}

/** `The first layer at which … is layer 1 for a and b. There is none for c.` */
function firstLayers(found: ReadonlyMap<string | null, string[]>, what: string): string {
  const known = [...found].filter(([name]) => name !== null);
  const none = found.get(null);
  if (known.length === 0) return `There is no layer at which ${what}, for ${named(none!)}.`;
  const said = known.map(([name, groups]) => `${name} for ${named(groups)}`);
  const rest = none === undefined ? "" : ` There is none for ${named(none)}.`;
  return `The first layer at which ${what} is ${listed(said)}.${rest}`;
}

/** How far the relations are above the control where they first are: of several, that is in part luck. */
function differences({ emergence, sites }: Verdict): string {
  const known = emergence.filter(({ aboveControl }) => aboveControl !== null);
  if (known.length === 0) return "";
  const said = known.map(({ group, aboveControl }) => `${group} ${withInterval(aboveControl!)}`);
  const others = sites.filter(({ seesLengthOnly }) => seesLengthOnly !== true).length;
  return ` The differences there are ${listed(said)}. Of all such differences, ${
    byChance(others * emergence.length, ABOVE_BY_CHANCE)
  } would have an interval above 0 if no layer told more than the length.`;
}
