/**
 * Which layers can be compared: they may come from several runs, but only of the same model,
 * questions and threshold.
 *
 * @module
 */
import type { LayerRecord } from "./schemas.ts";

/** What has to be the same, and what it is called where it is not. */
const PARTS: readonly [what: string, part: (record: LayerRecord) => unknown][] = [
  ["relations or numbers of questions", ({ relations }) => relations],
  ["thresholds", ({ activation_threshold }) => activation_threshold],
  ["models or question files", ({ provenance }) => Object.values(provenance.input_sha256)],
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
export function recordsWith(record: LayerRecord, all: readonly LayerRecord[]): LayerRecord[] {
  return all.filter((other) => differenceOf(record, other) === undefined);
}
