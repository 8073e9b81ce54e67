/**
 * The answers in short, one line a question, at one layer.
 *
 * @module
 */
import { sideOf } from "../measured.ts";
import type { Verdict } from "../verdict.ts";
import { shownSite } from "./encoding.ts";
import { auroc, count, number, percent, sentence, withInterval } from "./numbers.ts";
import type { Section } from "../section.ts";
import { meaningOf } from "./nulls.ts";
import { GRADES } from "./slots.ts";

/** The section that says it in short. */
export function shortSection(verdict: Verdict): Section {
  const { best, sharing, probes, slots, nulls, name } = shownSite(verdict);
  const lines: string[] = [];
  if (best.auroc.value !== null) {
    lines.push(
      `Features: the best free feature of each relation has a mean AUROC of ` +
        `${withInterval(best.auroc, auroc)}.`,
    );
  }
  const random = nulls?.find((set) => set.name === "random_encoder");
  if (random?.lead != null && random.auroc.value !== null) {
    lines.push(
      `Without this SAE: the best of ${
        count(random.features, "random direction")
      } have a mean AUROC of ` +
        `${withInterval(random.auroc, auroc)}; as many free features of the SAE less these: ` +
        `${withInterval(random.lead)}: ${meaningOf(random.lead)}.`,
    );
  }
  if (sharing.shared !== null && sharing.permuted !== null) {
    const { low, high } = sharing.permuted;
    lines.push(
      `Sharing: the lists of the ${sharing.length} strongest free features of two relations share ` +
        `${
          number(sharing.shared, 1)
        } in the mean; with the relations' names permuted, 95 % of permutations share ` +
        `${number(low, 1)} to ${number(high, 1)}.`,
    );
  }
  const known = probes.filter(({ persons }) => persons.value !== null);
  if (known.length > 0) {
    const said = known.map(({ features, persons }) =>
      `${withInterval(persons, auroc)} with ${features}`
    );
    lines.push(
      `Number of features: on persons that were kept back, probes have a mean AUROC of ` +
        `${said.join(", ")}.`,
    );
  }
  if (slots !== undefined) {
    lines.push(
      `Slots: the own slot's mean is ${withInterval(slots.diagonal)} (${
        GRADES[slots.diagonalGrade]
      }), that of the others ${withInterval(slots.offDiagonal)} (${
        GRADES[slots.offDiagonalGrade]
      }); the largest slot is the own one in ${withInterval(slots.bindingAccuracy, percent)}.`,
    );
  }
  lines.push(`Layer: ${layerLine(verdict)}`);
  const opening = `${sentence(name)}, ${
    verdict.layer.candidates.length > 0 ? "the one that is recommended" : "the last one"
  } of ${count(verdict.sites.length, "layer")}:`;
  return {
    heading: "In short",
    sentences: [opening, ...lines.map((line) => `- ${line}`)],
    tables: [],
  };
}

function layerLine({ layer: { candidates, reason } }: Verdict): string {
  const [first, second] = candidates;
  if (first === undefined || second === undefined) return `none is recommended (${reason}).`;
  const side = sideOf(second.behind!, 0);
  const said = side === "unclear" ? "the two are not told apart" : "the interval does not hold 0";
  return `${first.name} is recommended; it is ahead of ${second.name}, the runner-up, by ` +
    `${withInterval(second.behind!)}: ${said}.`;
}
