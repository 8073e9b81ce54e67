/** Statistics of a layer, small enough to check by hand or as large as a test needs. */
import type { QualifiedSelectivity } from "../../lib/results/selectivity_table.ts";
import { auroc } from "../../lib/stats/auroc.ts";
import { roomForSelectivity } from "../../lib/stats/selectivity/selectivity.ts";

/** What a site is to be. */
export interface SiteOptions {
  /** How many groups. Default: 2. */
  readonly groups?: number;
  /** How many features, slots among them. Default: 6. */
  readonly features?: number;
  /** How many persons; each is asked once about each group. Default: 24. */
  readonly persons?: number;
  /** How many wordings each group has, which the persons take in turn. Default: 2. */
  readonly wordings?: number;
  /** The names of the persons. Default: `p0`, `p1`, … */
  readonly personNames?: string[];
  /** The activation of a feature. Default: feature g is 1 for group g, and others are noise. */
  readonly value?: (feature: number, group: number, person: number) => number;
}

/** Noise that is the same each time, from 0 to 1. */
export function noiseAt(...numbers: number[]): number {
  const sum = numbers.reduce((hash, each) => (hash * 31 + each + 1) % 1_000_003, 7);
  return Math.abs(Math.sin(sum * 12.9898) * 43758.5453) % 1;
}

/** Statistics of a layer. Every second person is of the choosing half; all features are listed. */
export function siteOf(
  {
    groups = 2,
    features = 6,
    persons = 24,
    wordings = 2,
    personNames = Array.from({ length: persons }, (_, i) => `p${i}`),
    value = (feature, group, person) =>
      (feature === group ? 1 : 0) + noiseAt(feature, group, person),
  }: SiteOptions = {},
): QualifiedSelectivity {
  const asked = Array.from({ length: groups * persons }, (_, i) => {
    const [group, person] = [Math.floor(i / persons), i % persons];
    return { group, person, choosing: 1 - person % 2 };
  });
  const activations = new Float32Array(features * asked.length);
  const measures = roomForSelectivity(groups, features);
  const log10Q = new Float64Array(groups * features);
  for (let feature = 0; feature < features; feature++) {
    const column = asked.map(({ group, person }) => value(feature, group, person));
    activations.set(column, feature * asked.length);
    for (let group = 0; group < groups; group++) {
      const cell = group * features + feature;
      const found = auroc(column, asked.map((each) => each.group === group)).auroc ?? NaN;
      measures.auroc[cell] = found;
      const half = asked.map((each, i) => ({ ...each, i })).filter(({ choosing }) =>
        choosing === 1
      );
      measures.auroc_choosing[cell] = auroc(
        half.map(({ i }) => column[i]!),
        half.map((each) => each.group === group),
      ).auroc ?? NaN;
      measures.auroc_low[cell] = Math.max(0, found - 0.1);
      measures.auroc_high[cell] = Math.min(1, found + 0.1);
      log10Q[cell] = -Math.abs(found - 0.5) * 40;
    }
  }
  return {
    layer: 6,
    log10Q,
    measures,
    activations,
    questions: Int32Array.from(
      asked.flatMap(({ group, person, choosing }) => [
        group,
        person,
        person % wordings,
        9,
        choosing,
      ]),
    ),
    record: {
      method: 1,
      site: "pre 6",
      groups: Array.from({ length: groups }, (_, index) => ({
        index,
        key: `relation_${index}`,
        label: `Relation ${index}`,
        n_in: persons,
        n_out: (groups - 1) * persons,
        persons,
      })),
      n_features: features,
      activation_threshold: 0,
      persons,
      person_names: personNames,
      wordings: Array.from({ length: wordings }, (_, wording) => String(wording)),
      measures: Object.keys(measures),
      listed: Array.from({ length: features }, (_, feature) => feature),
      halves: { seed: 0, choosing: Math.ceil(persons / 2), estimating: Math.floor(persons / 2) },
      notes: ["Intervals are over persons and hold for these wordings (2)."],
    },
  };
}
