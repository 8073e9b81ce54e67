/**
 * What a picture says of where it comes from.
 *
 * @module
 */
import type { LayerRecord } from "../results/layer_record.ts";
import type { FeatureLayout } from "../stats/feature_layout.ts";
import type { LayerSummary } from "../results/summary_record.ts";
import { positionOf, whereText } from "../results/where_read.ts";
import { visibleText } from "../base/visible_text.ts";

/** The facts of a layer's result, one a part. */
export function layerCaption(record: LayerRecord): string[] {
  return [
    modelOf(record),
    `${saeOf(record)}, ${featuresOf(record)}, ${shortPath(record.checkpoint.path)}`,
    questionsOf(record),
    positionOf(record) === undefined
      ? record.hidden_state
      : `${record.hidden_state}, ${whereOf(record)}`,
  ];
}

/** The facts of the results of all layers, one a part. */
export function summaryCaption(
  record: LayerRecord,
  layers: readonly (LayerRecord | LayerSummary)[],
): string[] {
  const kinds = new Set(layers.map((layer) => `${saeOf(layer)}s, ${featuresOf(layer)}`));
  return [
    modelOf(record),
    [...kinds].join("; "),
    questionsOf(record),
    layers.some(({ site }) => site !== undefined)
      ? `pre L is the input of block L, hidden_states[L], and post L its output, ${whereOf(record)}`
      : `layer L is hidden_states[L] ${whereOf(record)}`,
  ];
}

/** At which token, or tokens, of a prompt the states are. */
function whereOf(record: LayerRecord): string {
  return whereText(positionOf(record));
}

function modelOf({ provenance }: LayerRecord): string {
  return `model ${shortPath(String(provenance.options.lm_model ?? "unknown"))}`;
}

/** `supervised SAE`, `Gemma Scope jumprelu SAE`. */
function saeOf({ sae, format, architecture }: LayerRecord | LayerSummary): string {
  return `${format === undefined ? sae : `${format} ${architecture}`} SAE`;
}

function featuresOf({ freeCount, slotCount }: FeatureLayout): string {
  const free = freeCount.toLocaleString("en");
  return slotCount === 0 ? `${free} features` : `${free} free features + ${slotCount} slots`;
}

function questionsOf({ relations, provenance }: LayerRecord): string {
  const counts = relations.map(({ questions }) => questions);
  const { qa_file } = provenance.options;
  const from = qa_file === undefined ? "" : ` of ${shortPath(String(qa_file))}`;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const counted = least === most ? String(least) : `${least} to ${most}`;
  return `${counted} question${most === 1 ? "" : "s"} per relation${from}`;
}

/** The last parts of a path, which tell more than the first, as a reader may see them. */
function shortPath(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  const short = parts.length > 3 ? `…/${parts.slice(-3).join("/")}` : path.replace(/[/\\]+$/, "");
  return visibleText(short);
}
