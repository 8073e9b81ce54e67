/**
 * What is said of where relations emerge.
 *
 * @module
 */
import type { Section } from "../section.ts";
import type { Verdict } from "../verdict.ts";
import { whatIsMarked } from "./length.ts";
import { auroc, cellOf, listed, sentence, withInterval } from "./numbers.ts";

/** The section on where relations emerge. */
export function emergenceSection(verdict: Verdict): Section {
  const { emergence, sites } = verdict;
  const heading = "Where does each relation emerge?";
  if (emergence.every(({ aurocs }) => aurocs.every(({ auroc }) => auroc.value === null))) {
    const reason = emergence[0]!.aurocs[0]?.auroc.reason;
    return { heading, sentences: [`Not known: ${reason}.`], tables: [] };
  }
  const control = sites.find(({ seesLengthOnly }) => seesLengthOnly === true);
  const places = new Map<string | null, string[]>();
  const above = new Map<string | null, string[]>();
  for (const { group, first, firstAboveControl } of emergence) {
    places.getOrInsertComputed(first, () => []).push(group);
    above.getOrInsertComputed(firstAboveControl, () => []).push(group);
  }
  const say = (found: Map<string | null, string[]>, none: string) =>
    listed([...found].map(([name, groups]) => `${name ?? none} for ${listed(groups)}`));
  const sentences = [
    `The first layer at which the interval of the AUROC of ${
      whatIsMarked(verdict)
    } lies above ½ is ` +
    `${say(places, "none")}.`,
  ];
  if (control !== undefined && sites.length > 1) {
    sentences.push(
      `${
        sentence(control.name)
      } sees only length, and so an AUROC above ½ there is no sign of the ` +
        `relation. The first layer at which the AUROC is above that of ${control.name}, with an ` +
        `interval of the difference above 0, is ${say(above, "none")}${differences(verdict)}.`,
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

function differences({ emergence }: Verdict): string {
  const known = emergence.filter(({ aboveControl }) => aboveControl !== null);
  if (known.length === 0) return "";
  const said = known.map(({ group, aboveControl }) => `${group} ${withInterval(aboveControl!)}`);
  return `; the differences there are ${listed(said)}`;
}
