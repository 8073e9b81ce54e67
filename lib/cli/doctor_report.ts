/**
 * What the doctor found, as lines for the terminal.
 *
 * @module
 */
import type { Examination } from "../doctor/examine_sae.ts";
import type { ModelFit } from "../doctor/model_fit.ts";
import type { PlaceFits } from "../doctor/site_fits.ts";
import { cutsOf, isGated } from "../features/encode_record.ts";
import { siteText } from "../lm/site.ts";
import type { SiteFit } from "../doctor/better_neighbour.ts";
import { type Finding, percent, short } from "../doctor/finding.ts";
import { type Activation, formOf, isTopK } from "../sae/activation.ts";
import type { InputStep } from "../sae/input.ts";
import type { Pursuit } from "../sae/pursuit.ts";
import type { Sae } from "../sae/sae.ts";
import type { TopK } from "../sae/top_k.ts";

/** How wide the names of lines are. */
const NAME_WIDTH = 12;

/** The report: a line for each thing, what speaks against the SAE, and a verdict. */
export function doctorLines(examination: Examination): string[] {
  const { opened, sae, types, findings, fit } = examination;
  const { width, featureCount } = opened;
  return [
    opened.path,
    line("format", `${opened.format}, ${opened.architecture}`),
    line("reads", siteLine(examination)),
    ...(opened.predicts === undefined ? [] : [line("predicts", predictionOf(examination))]),
    line("sizes", `d ${width}, m ${featureCount}`),
    line("stored in", types.length === 0 ? "a type that is not told" : types.join(", ")),
    line("input", inputOf(sae)),
    line("activation", activationOf(sae)),
    ...weightLines(examination),
    ...(fit === undefined ? [] : fitLines(examination, fit)),
    ...findings.map(({ severity, text }) => line(severity === "doubt" ? "doubt" : "misfit", text)),
    line("verdict", verdictOf(findings, fit)),
  ];
}

/** The first thing that forbids to use an SAE; undefined if nothing does. */
export function firstMisfit(findings: readonly Finding[]): string | undefined {
  return findings.find(({ severity }) => severity === "misfit")?.text;
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(NAME_WIDTH)}${text}`;
}

function siteLine({ opened, site }: Examination): string {
  const { siteInWords } = opened;
  if (opened.site !== undefined) {
    const place = siteText(site ?? opened.site);
    return siteInWords === undefined ? place : `${place} (${siteInWords})`;
  }
  const words = siteInWords ?? "its files do not say where";
  return site === undefined ? words : `${words}; tried at ${siteText(site)}`;
}

function predictionOf({ opened: { predicts } }: Examination): string {
  const { site, siteInWords, width } = predicts!;
  const place = site === undefined ? undefined : siteText(site);
  const where = place ?? siteInWords ?? "its files do not say where";
  return place !== undefined && siteInWords !== undefined
    ? `${place} (${siteInWords}), width ${width}`
    : `${where}, width ${width}`;
}

const STEPS: Readonly<Record<InputStep["kind"], string>> = {
  centre: "less its mean",
  layer_norm: "layer norm",
  constant_norm: "scaled to the length sqrt(d)",
  scale: "scaled",
  subtract: "less b_dec",
};

function inputOf({ input }: Sae): string {
  if (input.length === 0) return "as it is";
  return input.map((step) =>
    step.kind === "scale" ? `times ${short(step.factor)}` : STEPS[step.kind]
  )
    .join(", then ");
}

function activationOf({ activation, featureCount, glu, pursuit }: Sae): string {
  if (pursuit !== undefined) return pursuitOf(pursuit);
  const own = cutsIn(activation, featureCount);
  return glu === undefined ? own : `${own}, after p times the sigmoid of a second product`;
}

function pursuitOf({ mostPicks, leastLength, stopsAtRepeat }: Pursuit): string {
  const ends = [
    ...(stopsAtRepeat ? ["one is picked again"] : []),
    ...(leastLength > 0 ? [`less than ${short(leastLength)} is left of the state`] : []),
  ];
  const until = ends.length === 0 ? "" : `, until ${ends.join(" or ")}`;
  return `matching pursuit, up to ${mostPicks} picks of a state${until}`;
}

function cutsIn(activation: Activation, featureCount: number): string {
  if (isGated(activation)) return "gated";
  if (isTopK(formOf(activation))) return keptOf(activation.threshold as TopK, featureCount);
  const { threshold } = cutsOf(activation);
  if (threshold === null) return "linear, with its sign";
  if (typeof threshold === "number") {
    return threshold === 0 ? "ReLU" : `above the threshold ${short(threshold)}`;
  }
  const { least, greatest } = threshold;
  return `above a threshold a feature, ${short(least)} to ${short(greatest)}`;
}

function keptOf({ k, by, groups }: TopK, featureCount: number): string {
  const what = by === "magnitude" ? "largest magnitudes" : "largest";
  if (groups === undefined) return `the ${k} ${what} of a state`;
  return `the ${k === 1 ? "" : `${k} `}${what} of each of ${groups} runs of ` +
    `${featureCount / groups} features`;
}

function weightLines({ weights, opened: { featureCount } }: Examination): string[] {
  const { lengths, doubles, cosine } = weights;
  if (lengths === undefined) return [line("decoder", "there is none in its files")];
  const { least, median, greatest } = lengths;
  return [
    line("decoder", `lengths ${short(least)} to ${short(greatest)}, median ${short(median)}`),
    line("doubles", doubles === 0 ? "none" : `${doubles} of ${featureCount} features`),
    ...(cosine === undefined
      ? []
      : [line("encoder", `mean cosine with the decoder ${cosine.toFixed(2)}`)]),
  ];
}

function fitLines(
  { opened }: Examination,
  { model, judged, others, otherReading }: ModelFit,
): string[] {
  const { here } = judged;
  const { states, l0, activeFeatures, featureCount } = here.fit;
  const declared = opened.declaredL0;
  const dead = featureCount - activeFeatures;
  return [
    line("tried on", `${states} states of ${model} at ${here.site}, ${TOKENS[judged.tokens]}`),
    line("unexplained", unexplainedIn(judged)),
    ...(others === undefined
      ? []
      : [line("", `${unexplainedIn(others)}, ${TOKENS[others.tokens]}`)]),
    line(
      "active",
      `${short(l0)} features of a state on average; ` +
        (declared === undefined ? "its files declare no number" : `declared ${short(declared)}`),
    ),
    line(
      "dead",
      `${dead} of ${featureCount} features (${percent(dead / featureCount)}) in all ${states}`,
    ),
    ...(otherReading === undefined ? [] : [
      line(
        `as ${otherReading.name}`,
        `${unexplainedAt({ site: here.site, fit: otherReading.fit })}, ` +
          `${short(otherReading.fit.l0)} features active`,
      ),
    ]),
  ];
}

/** What is said of tokens. */
const TOKENS = {
  counted: "at the tokens that count",
  text: "at all tokens but the first",
} as const;

function unexplainedIn({ here, neighbours }: PlaceFits): string {
  return [here, ...neighbours].map(unexplainedAt).join(", ");
}

function unexplainedAt({ site, fit: { unexplained } }: SiteFit): string {
  return `${unexplained === undefined ? "unknown" : unexplained.toPrecision(3)} at ${site}`;
}

function verdictOf(findings: readonly Finding[], fit: ModelFit | undefined): string {
  const misfits = findings.filter(({ severity }) => severity === "misfit").length;
  const doubts = findings.length - misfits;
  if (misfits > 0) return "it does not fit: analyze refuses it unless it is forced";
  const tried = fit === undefined ? "its files are sound" : "it fits";
  const what = doubts === 0 ? tried : `${tried}, with ${doubts} doubt${doubts === 1 ? "" : "s"}`;
  return fit === undefined ? `${what}; it was not tried on a language model` : what;
}
