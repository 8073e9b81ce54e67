/**
 * What is said of the layers: which is best, where relations emerge, and the expected pattern.
 *
 * @module
 */
import type { LayerCandidate, LayerChoice } from "../layer_choice.ts";
import { sideOf } from "../measured.ts";
import type { Answer, Pattern } from "../pattern.ts";
import type { Verdict } from "../verdict.ts";
import { whatIsMarked } from "./length.ts";
import {
  auroc,
  cellOf,
  count,
  layersListed,
  listed,
  number,
  sentence,
  withInterval,
} from "./numbers.ts";
import type { Section } from "../section.ts";

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

/** The section on the guide's pattern. */
export function patternSection({ pattern }: Verdict): Section {
  const heading = "Is the expected pattern over the layers there?";
  const { bands, growth, reason } = pattern;
  if (bands.length === 0) {
    return { heading, sentences: [`Not known: ${reason}.`], tables: [] };
  }
  return {
    heading,
    sentences: [
      ...(growth === null
        ? [`Whether slots separate more in later layers is not known: ${reason}.`]
        : [
          "The guide expects slots to separate from early to middle layers. This is " +
          `**${pattern.separatesInMiddle}**: the gap between own and other slots changes by ` +
          `${withInterval(growth.toMiddle)}.`,
          "It expects the cleanest separation in late layers. This is " +
          `**${pattern.cleanestLate}**: from middle to late layers the gap changes by ` +
          `${withInterval(growth.toLate)}${atEnd(pattern.cleanestLate)}.`,
        ]),
      ...ofFeatures(bands),
    ],
    tables: [{
      caption: "Thirds of the layers",
      head: ["layers", "", "gap", "participation ratio", "shared by two lists"],
      rows: bands.map(({ name, layers, gap, effectiveNumber, shared }) => [
        name,
        layersListed(layers),
        cellOf(gap),
        number(effectiveNumber, 1),
        number(shared, 1),
      ]),
    }],
  };
}

function atEnd(answer: Answer): string {
  if (answer === "undecided") return ", which holds 0";
  return answer === "confirmed" ? "" : ", which is a loss";
}

/** No interval, so that nothing is confirmed. */
function ofFeatures(bands: Pattern["bands"]): string[] {
  const [early, , late] = bands;
  const sentences: string[] = [];
  if (early!.effectiveNumber !== null && late!.effectiveNumber !== null) {
    sentences.push(
      "It expects many active features in early layers and few in late ones. The effective number of " +
        `free features is ${number(early!.effectiveNumber, 1)} in early layers and ` +
        `${
          number(late!.effectiveNumber, 1)
        } in late ones. It has no interval: neither confirmed nor ` +
        "contradicted.",
    );
  }
  if (early!.shared !== null && late!.shared !== null) {
    sentences.push(
      "It expects relations to have similar features in early layers and distinct ones in late ones. " +
        `Two lists of the strongest share ${
          number(early!.shared, 1)
        } features in early layers and ` +
        `${number(late!.shared, 1)} in late ones. This has no interval either.`,
    );
  }
  return sentences;
}
