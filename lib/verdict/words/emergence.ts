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
  const sentences = [
    firstLayers(
      sites,
      emergence.map(({ group, first, aurocs }) => ({
        group,
        first,
        isKnown: aurocs.some(({ auroc }) => auroc.interval !== null),
      })),
      {
        what: `the interval of the AUROC of ${whatIsMarked(verdict)} lies above ½`,
        lacking: "none of these AUROCs",
      },
    ) + ofChance(verdict),
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
            sites,
            emergence.map(({ group, firstAboveControl, reason }) => ({
              group,
              first: firstAboveControl,
              isKnown: reason === null,
            })),
            {
              what: `the AUROC is above ${than} and the interval of the difference above 0`,
              lacking: "none of these differences",
            },
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

/** The first layer of a relation at which something is found. */
interface FirstLayer {
  readonly group: string;
  /** The layer; null if there is none. */
  readonly first: string | null;
  /** Whether it could be found at any layer: without an interval it could not. */
  readonly isKnown: boolean;
}

/**
 * `The first layer at which … is layer 1 for a and layer 2 for b. There is none for c. For d it is not
 * known: … has an interval.`
 */
function firstLayers(
  sites: Verdict["sites"],
  all: readonly FirstLayer[],
  { what, lacking }: { what: string; lacking: string },
): string {
  const groupsOf = (of: (each: FirstLayer) => boolean) => all.filter(of).map(({ group }) => group);
  const said = sites.flatMap(({ name }) => {
    const groups = groupsOf(({ first }) => first === name);
    return groups.length === 0 ? [] : [`${name} for ${named(groups)}`];
  });
  const none = groupsOf(({ first, isKnown }) => first === null && isKnown);
  const unknown = groupsOf(({ isKnown }) => !isKnown);
  if (unknown.length === all.length) {
    return `The first layer at which ${what} is not known for ${
      named(unknown)
    }: ${lacking} has an interval.`;
  }
  const opening = said.length === 0
    ? [`There is no layer at which ${what}, for ${named(none)}.`]
    : [
      `The first layer at which ${what} is ${listed(said)}.`,
      ...(none.length === 0 ? [] : [`There is none for ${named(none)}.`]),
    ];
  const rest = unknown.length === 0
    ? []
    : [`For ${named(unknown)} it is not known: ${lacking} has an interval.`];
  return [...opening, ...rest].join(" ");
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
