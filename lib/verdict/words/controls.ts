/**
 * What is said of the null that permutes labels.
 *
 * @module
 */
import { LEAST_ACTIVE } from "../label_null.ts";
import type { Verdict } from "../verdict.ts";
import { count, layersListed, number, percent, unitsOf, whole } from "./numbers.ts";
import type { Section } from "../section.ts";

/** How many of the pairs, and their share: `3 (25.0 %)`. */
function passed(passing: number, tests: number): string {
  return tests === 0 ? "0" : `${whole(passing)} (${percent(passing / tests)})`;
}

/** The section on permuted labels. */
export function controlsSection({ asked, labels, length, sites }: Verdict): Section {
  const { permutations, permuted, border } = labels;
  const tests = labels.sites.reduce((sum, site) => sum + site.tests, 0);
  const passing = labels.sites.reduce((sum, site) => sum + site.passing, 0);
  const empty = sites.filter((_, k) => labels.sites[k]!.tests === 0).map(({ name }) => name);
  const who = unitsOf({ asked });
  const sentences: string[] = [];
  if (length.length < 2) {
    sentences.push("There is one group only: its name cannot be permuted.");
  } else if (tests === 0) {
    sentences.push(
      `0 listed free features are active for at least ${LEAST_ACTIVE} ${who} of the estimating half: ` +
        "labels were not permuted.",
    );
  } else if (border === null) {
    sentences.push(
      `${permutations} permutations of the labels are too few: a p of 0.05 needs 19 at least.`,
    );
  } else {
    const highest = labels.sites.map(({ largest }) => largest ?? 0);
    const at = highest.indexOf(Math.max(...highest));
    sentences.push(
      `The relations' names were permuted ${permuted} ${count(permutations, "time")}, on the ` +
        "estimating half, for the listed free features that are active for at least " +
        `${LEAST_ACTIVE} ${who}. In 95 % of the arrangements no feature comes farther ` +
        `than ${number(border, 2)} standard deviations from chance at any layer (max-T).`,
      `With the true names, ${whole(passing)} of ${
        count(tests, "pair")
      } of a feature and a relation (${percent(passing / tests)}) come farther; the farthest, ${
        number(highest[at]!, 2)
      }, is at ` +
        `${
          sites[at]!.name
        }. Where names mean nothing, any such pair is found in at most 5 % of runs` +
        `${
          asked.isUnequal
            ? " if persons have equally many questions about each relation; here they do not, and features that " +
              `${
                asked.isOneSided
                  ? "know nothing of the relations"
                  : "are active more often in persons with more questions about one of them"
              } can come farther in more.`
            : "."
        }`,
    );
    if (empty.length > 0) {
      sentences.push(
        `0 such features are at ${layersListed(empty)}; nothing is permuted there.`,
      );
    }
  }
  return {
    heading: "What would be found if the relations' names meant nothing?",
    sentences,
    tables: tests === 0 || border === null ? [] : [{
      caption: `Labels permuted ${permuted}`,
      head: ["layer", "features", "pairs", "farther than 95 % of arrangements", "farthest"],
      rows: [
        ...labels.sites.map((site, k) => [
          sites[k]!.name,
          whole(site.features),
          whole(site.tests),
          passed(site.passing, site.tests),
          number(site.largest, 2),
        ]),
        ...(sites.length > 1 ? [["all", "", whole(tests), passed(passing, tests), ""]] : []),
      ],
    }],
  };
}
