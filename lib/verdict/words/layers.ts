/**
 * What is said of which layer is best.
 *
 * @module
 */
import type { LayerCandidate, LayerChoice } from "../layer_choice.ts";
import { sideOf } from "../measured.ts";
import type { Verdict } from "../verdict.ts";
import type { Section } from "../section.ts";
import { cellOf, count, layersListed, listed, number, sentence, withInterval } from "./numbers.ts";

/** The section on the best layer. */
export function layerSection({ layer }: Verdict): Section {
  const heading = "Which layer is best for interventions?";
  const [first, second] = layer.candidates;
  if (layer.reason !== null || first === undefined || second === undefined) {
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
  return {
    heading,
    sentences: [
      `**${
        sentence(first.name)
      } is recommended.** Layers are compared by ${what}. On the choosing ` +
      `half it is largest at ${first.name}, ${
        number(first.choosing)
      }; on the estimating half it is ` +
      `${withInterval(first.estimated)} there.`,
      ofRunnerUp(first, second),
      ofOthers(layer),
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
        number(choosing),
        cellOf(estimated),
        behind === null ? "" : cellOf(behind),
      ]),
    }],
  };
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

function ofRunnerUp(first: LayerCandidate, { name, choosing, behind }: LayerCandidate): string {
  const side = sideOf(behind!, 0);
  const said = behind!.interval === null
    ? "nothing says which is ahead"
    : side === "above"
    ? `${first.name} is ahead there, too`
    : side === "below"
    ? `${name} is ahead there: the halves disagree`
    : "the two are not told apart";
  return `The runner-up on the choosing half is ${name} with ${
    number(choosing)
  }. On the estimating ` +
    `half, ${first.name} less ${name} is ${withInterval(behind!)}: ${said}.`;
}
