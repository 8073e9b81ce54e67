/**
 * What is said of which layer is best.
 *
 * @module
 */
import type { LayerCandidate, LayerChoice } from "../layer_choice.ts";
import { sideOf } from "../measured.ts";
import type { Verdict } from "../verdict.ts";
import type { Section } from "../section.ts";
import {
  auroc,
  cellOf,
  count,
  layersListed,
  listed,
  number,
  sentence,
  type Show,
  withInterval,
} from "./numbers.ts";

/** The section on the best layer. */
export function layerSection({ layer }: Verdict): Section {
  const heading = "Which layer is best for interventions?";
  const [first, second] = layer.candidates;
  if (first === undefined || second === undefined) {
    const left = layer.leftOut.length === 0
      ? ""
      : ` ${sentence(layersListed(layer.leftOut))} ${
        layer.leftOut.length === 1 ? "is" : "are"
      } left out: only length is seen there.`;
    const sentences = [`No layer is recommended: ${layer.reason}.${left}`];
    return { heading, sentences, tables: [] };
  }
  const what = layer.by === "gap"
    ? "the own slot's mean less that of the other slots"
    : "the mean AUROC of the best free features";
  const show = layer.by === "gap" ? number : auroc;
  return {
    heading,
    sentences: [
      `${recommended(layer)} Layers are compared by ${what}. On the choosing ` +
      `half it is largest at ${first.name}, ${
        show(first.choosing)
      }; on the estimating half it is ` +
      `${withInterval(first.estimated, show)} there.`,
      ofRunnerUp(first, second, show),
      ...(layer.candidates.length > 2 ? [ofOthers(layer)] : []),
      ...(layer.leftOut.length > 0
        ? [
          `${sentence(layersListed(layer.leftOut))} ${
            layer.leftOut.length === 1 ? "is" : "are"
          } left out as the control. No intervention was made: which layer answers best to one is ` +
          "not measured here.",
        ]
        : [
          "No intervention was made: which layer answers best to one is not measured here.",
        ]),
    ],
    tables: [{
      caption: sentence(what),
      head: ["layer", "choosing half", "estimating half", `behind ${first.name}`],
      rows: layer.candidates.map(({ name, choosing, estimated, behind }) => [
        name,
        show(choosing),
        cellOf(estimated, show),
        behind === null ? "" : cellOf(behind),
      ]),
    }],
  };
}

/** Which layer is recommended, in bold if more than its number speaks for it. */
function recommended({ candidates, reason }: LayerChoice): string {
  const [{ name }] = candidates as [LayerCandidate];
  if (reason !== null) return `No layer is recommended: ${reason}.`;
  const alone = forItsNumberAlone(candidates);
  return alone === undefined
    ? `**${sentence(name)} is recommended.**`
    : `${sentence(name)} is recommended ${alone}.`;
}

/** Without an interval it is the greatest number, and no more; undefined if there is one. */
export function forItsNumberAlone(candidates: readonly LayerCandidate[]): string | undefined {
  if (candidates[1]!.behind!.interval !== null) return undefined;
  const areAny = candidates.some(({ estimated, behind }) =>
    estimated.interval !== null || behind?.interval != null
  );
  return `for its number alone: ${
    areAny ? "its difference from the runner-up has no interval" : "there are no intervals"
  }`;
}

/** How many of the others are behind, ahead, not told apart. */
function ofOthers({ candidates, notToldApart }: LayerChoice): string {
  const [first, ...others] = candidates;
  const on = (side: "above" | "below") =>
    others.filter(({ behind }) => sideOf(behind!, 0) === side).map(({ name }) => name);
  const [behind, ahead] = [on("above"), on("below")];
  const unsure = others.filter(({ behind }) => behind!.interval === null).map(({ name }) => name);
  const parts = [
    [behind, "behind it"],
    [ahead, "ahead of it"],
    [notToldApart, "not told apart from it"],
    [unsure, "not compared, for want of an interval"],
  ] as const;
  const said = parts.filter(([names]) => names.length > 0)
    .map(([names, what]) =>
      `${names.length} ${names.length === 1 ? "is" : "are"} ${what} (${layersListed(names)})`
    );
  return `Of the ${count(others.length, "layer")} besides ${
    first!.name
  }, by the intervals of the ` +
    `differences on the estimating half, ${listed(said)}.`;
}

function ofRunnerUp(
  first: LayerCandidate,
  { name, choosing, behind }: LayerCandidate,
  show: Show,
): string {
  const tie = choosing === first.choosing
    ? ", the same number: of equal ones the first is taken"
    : show(choosing) === show(first.choosing)
    ? ", a little less"
    : "";
  return `The runner-up on the choosing half is ${name} with ${
    show(choosing)
  }${tie}. On the estimating ` +
    `half, ${first.name} less ${name} is ${withInterval(behind!)}: ${
      whichIsAhead(first, { name, behind })
    }.`;
}

/** Which of two layers is ahead on the estimating half, as far as the interval carries it. */
export function whichIsAhead(
  first: Pick<LayerCandidate, "name">,
  { name, behind }: Pick<LayerCandidate, "name" | "behind">,
): string {
  if (behind!.interval === null) return "nothing says which is ahead";
  const side = sideOf(behind!, 0);
  if (side === "above") return `${first.name} is ahead there, too`;
  if (side === "below") return `${name} is ahead there: the halves disagree`;
  return "the two are not told apart";
}
