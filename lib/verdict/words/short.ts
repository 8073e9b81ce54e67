/**
 * The answers in short, one line a question, at one layer.
 *
 * @module
 */
import { placesOf } from "../pattern.ts";
import type { Verdict } from "../verdict.ts";
import { shownSite } from "./encoding.ts";
import { forItsNumberAlone, whichIsAhead } from "./layers.ts";
import { toldByControl, whatIsMarked } from "./length.ts";
import { auroc, count, listed, number, sentence, unitsOf, withInterval } from "./numbers.ts";
import type { Section } from "../section.ts";
import { meaningOf } from "./nulls.ts";
import { sizesOf } from "./sharing.ts";
import { boundText, GRADED, graded } from "./slots.ts";

/** The section that says it in short. */
export function shortSection(verdict: Verdict): Section {
  const { best, sharing, probes, slots, nulls, name } = shownSite(verdict);
  const lines: string[] = ofLength(verdict);
  if (best.auroc.value !== null) {
    lines.push(
      `Features: the best free feature of each relation has a mean AUROC of ` +
        `${withInterval(best.auroc, auroc)}.`,
    );
  }
  const random = nulls?.find((set) => set.name === "random_encoder");
  const own = nulls?.find((set) => set.name === "sae");
  if (random?.lead != null && random.auroc.value !== null) {
    lines.push(
      `Without this SAE: the best of ${
        count(random.features, "random direction")
      } have a mean AUROC of ` +
        `${
          withInterval(random.auroc, auroc)
        }, the best of as many free features of the SAE one of ` +
        `${withInterval(own!.auroc, auroc)}. The SAE less the random encoder is ` +
        `${withInterval(random.lead)}: ${meaningOf(random.lead)}.`,
    );
  }
  if (sharing.shared !== null && sharing.permuted !== null && sharing.sizes[1] > 0) {
    const { low, high } = sharing.permuted;
    lines.push(
      `Sharing: the lists of the ${sharing.length} strongest free features of two relations share ` +
        `${
          number(sharing.shared, 1)
        } in the mean; with the relations' names permuted, 95 % of permutations share ` +
        `${number(low, 1)} to ${number(high, 1)}.${
          sharing.sizes[0] === sharing.length
            ? ""
            : ` The lists hold ${sizesOf(sharing)}: others have no mean above 0.`
        }${
          sharing.tied === undefined
            ? ""
            : " Lists end among features of the same mean, of which the first are listed."
        }`,
    );
  }
  const known = probes.filter(({ persons }) => persons.value !== null);
  if (known.length > 0) {
    const said = known.map(({ features, persons }) =>
      `${withInterval(persons, auroc)} with ${count(features, "feature")}`
    );
    lines.push(
      `Number of features: on ${
        unitsOf(verdict)
      } that were kept back, probes have a mean AUROC of ` +
        `${listed(said)}.`,
    );
  }
  if (slots !== undefined) {
    lines.push(
      `Slots: the own slot's mean is ${withInterval(slots.diagonal, GRADED.diagonal)}${
        graded(slots.diagonalGrade)
      }; that of the others is ${withInterval(slots.offDiagonal, GRADED.offDiagonal)}${
        graded(slots.offDiagonalGrade)
      }. ${boundText(slots)}`,
    );
  }
  lines.push(`Layer: ${layerLine(verdict)}`);
  const opening = `${sentence(name)}, ${whichOf(verdict)}:`;
  return {
    heading: "In short",
    sentences: [opening, ...lines.map((line) => `- ${line}`)],
    tables: [],
  };
}

/** Which of the layers is spoken of. */
function whichOf(verdict: Verdict): string {
  if (verdict.sites.length === 1) return "the only one that was analysed";
  const { candidates, reason } = verdict.layer;
  const which = candidates.length === 0
    ? "the last one"
    : reason === null
    ? "the one that is recommended"
    : "the first by the choosing half";
  return `${which} of ${howMany(verdict)}`;
}

/** `3 layers`; where several SAEs read one site, `3 SAEs at 2 sites`. */
function howMany({ sites }: Verdict): string {
  const places = placesOf(sites).length;
  return places === sites.length
    ? count(sites.length, "layer")
    : `${count(sites.length, "SAE")} at ${count(places, "site")}`;
}

function layerLine({ layer: { candidates, reason } }: Verdict): string {
  const [first, second] = candidates;
  if (reason !== null || first === undefined || second === undefined) {
    return `none is recommended (${reason}).`;
  }
  const alone = forItsNumberAlone(candidates);
  const how = alone === undefined ? "" : ` ${alone}`;
  return `${first.name} is recommended${how}. On the half on which it was not chosen, ${first.name} less ` +
    `${second.name}, the runner-up, is ${withInterval(second.behind!)}: ${
      whichIsAhead(first, second)
    }.`;
}

/** If length alone tells relations apart, that is said before all else. */
function ofLength(verdict: Verdict): string[] {
  const telling = verdict.length.filter(({ tells }) => tells);
  if (telling.length > 0) {
    const said = telling.map((each) => `${withInterval(each.auroc, auroc)} for ${each.group}`);
    return [`Length: **the number of tokens alone has an AUROC of ${listed(said)}**.`];
  }
  const byControl = Map.groupBy(toldByControl(verdict), ({ site }) => site.name);
  return [...byControl].map(([name, told]) => {
    const said = told.map(({ group, auroc: each }) => `${withInterval(each, auroc)} for ${group}`);
    return `Length: **at ${name}, where only the length is seen, the AUROC of ` +
      `${whatIsMarked(verdict)} is ${
        listed(said)
      }**: what other layers show is to be held against that.`;
  });
}
