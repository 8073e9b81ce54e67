/**
 * Which layers can be compared: they may come from several runs, but only of the same model,
 * questions, prompts, positions in them, persons, and threshold.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { layerText } from "./layer_name.ts";
import { clusterFieldOf } from "./changes_between.ts";
import type { LayerRecord } from "./layer_record.ts";
import { promptsOf } from "./prompt_options.ts";

/** What has to be the same, and what it is called where it is not. */
const PARTS: readonly [what: string, part: (record: LayerRecord) => unknown][] = [
  ["relations or numbers of questions", ({ relations }) => relations],
  ["thresholds", ({ activation_threshold }) => activation_threshold],
  ["models or question files", ({ provenance }) => Object.values(provenance.input_sha256)],
  ["prompts or positions in them", promptsOf],
  ["fields of persons", clusterFieldOf],
];

/**
 * Why two layers are not of one analysis.
 *
 * @returns What differs, such as `thresholds`; undefined if they belong together.
 */
export function differenceOf(one: LayerRecord, other: LayerRecord): string | undefined {
  return PARTS.find(([, part]) => JSON.stringify(part(one)) !== JSON.stringify(part(other)))?.[0];
}

/** The records that belong together with one, which is among them. */
function recordsWith(record: LayerRecord, all: readonly LayerRecord[]): LayerRecord[] {
  return all.filter((other) => differenceOf(record, other) === undefined);
}

/**
 * Makes sure that layers are of one analysis.
 *
 * @throws {InputError} If they are not.
 */
export function checkSameAnalysis(directory: string, records: readonly LayerRecord[]): void {
  const [first] = records;
  const other = records.find((record) => differenceOf(first!, record) !== undefined);
  if (other === undefined) return;
  const lists = [first!, other].map((record) =>
    recordsWith(record, records).map(({ layer }) => layer)
  );
  const both = typeof first!.layer === "number" && typeof other.layer === "number"
    ? `layers ${first!.layer} and ${other.layer}`
    : `${layerText(first!.layer)} and ${layerText(other.layer)}`;
  throw new InputError(
    `${directory}: ${both} were analysed with different ${differenceOf(first!, other)}`,
    { advice: { kind: "take_together", lists } },
  );
}
