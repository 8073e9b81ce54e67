/**
 * The files of a layer's selectivity, as they are written: its measures, the activations of its listed
 * features, who was asked what, and a record that says what they are.
 *
 * @module
 */
import type { LayerName } from "./layer_name.ts";
import { basename } from "node:path";
import { hashBytes, hashFile } from "../files/hash_file.ts";
import { jsonText } from "../files/json_writer.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import { MEASURES, type Selectivity } from "../stats/selectivity/selectivity.ts";
import type { LayerNulls } from "./layer_nulls.ts";
import type { NullRecord } from "./null_record.ts";
import { activationMatrix } from "./artifacts/activation_matrix.ts";
import { layerPath } from "./file_names.ts";
import { npyBytes } from "./npy_file.ts";
import type { SelectivityRecord } from "./selectivity_record.ts";

/** What was measured of a site, with what it is. */
export interface LayerSelectivity {
  /** What it is; the hashes are set when it is written. */
  readonly record: Omit<SelectivityRecord, "activation_matrix_sha256" | "files_sha256" | "nulls">;
  /** The measures, `[groups, features]` each. NaN where a value does not exist. */
  readonly measures: Selectivity;
  /** The activations of the listed features, `[listed, questions]`. */
  readonly activations: Float32Array<ArrayBuffer>;
  /** What is found without the SAE; undefined if that was not computed. */
  readonly nulls?: LayerNulls | undefined;
  /** Who was asked what, `[questions, 5]`: {@linkcode QUESTION_FIELDS}. */
  readonly questions: Int32Array<ArrayBuffer>;
}

/**
 * What is known of each question: the number of its group, of its person and of its wording (-1 if not
 * known), how many tokens its prompt has, and whether it is of the half on which features are chosen.
 */
export const QUESTION_FIELDS = ["group", "person", "wording", "tokens", "choosing"] as const;

/** The record's name, without the layer. */
export const RECORD_FILE = "selectivity.json";
/** The arrays' names, without the layer. */
export const FILES = {
  measures: "selectivity.npy",
  activations: "listed_activations.npy",
  questions: "selectivity_questions.npy",
  nulls: "null_activations.npy",
  lists: "list_activations.npy",
} as const;

/**
 * Writes the selectivity of a layer, whose other numbers lie there already.
 *
 * @throws {InputError} If a file cannot be written.
 */
export async function writeSelectivity(
  directory: string,
  layer: LayerName,
  { record, measures, activations, questions, nulls }: LayerSelectivity,
): Promise<void> {
  const path = (file: string) => layerPath(directory, layer, file);
  const { groups, n_features, listed } = record;
  const questionCount = questions.length / QUESTION_FIELDS.length;
  const cells = groups.length * n_features;
  const all = new Float64Array(MEASURES.length * cells);
  MEASURES.forEach((measure, i) => all.set(measures[measure], i * cells));
  const contents = {
    [FILES.measures]: npyBytes(all, [MEASURES.length, groups.length, n_features]),
    [FILES.activations]: npyBytes(activations, [listed.length, questionCount]),
    [FILES.questions]: npyBytes(questions, [questionCount, QUESTION_FIELDS.length]),
    ...nulls && {
      [FILES.nulls]: npyBytes(nulls.activations, nullShape(nulls.record, questionCount)),
      [FILES.lists]: npyBytes(nulls.lists.activations, listShape(nulls.record, questionCount)),
    },
  };
  const hashes = Object.entries(contents)
    .map(([file, content]) => [basename(path(file)), hashBytes(content)]);
  const whole: SelectivityRecord = {
    ...record,
    ...nulls && { nulls: nulls.record },
    activation_matrix_sha256: await hashFile(path(activationMatrix.file)),
    files_sha256: Object.fromEntries(hashes),
  };
  await using staging = new Staging();
  for (const [file, content] of Object.entries(contents)) await staging.add(path(file), content);
  await staging.add(path(RECORD_FILE), jsonText(whole));
  await removeFile(path(RECORD_FILE));
  if (nulls === undefined) {
    for (const file of [FILES.nulls, FILES.lists]) await removeFile(path(file));
  }
  await staging.commit();
}

/** The shape of the activations of listed features: `[features, questions]`. */
export function listShape({ lists }: NullRecord, questions: number): number[] {
  return [lists.features.length, questions];
}

/** The shape of the activations of the best of all null sets: `[features, questions]`. */
export function nullShape({ sets }: NullRecord, questions: number): number[] {
  return [sets.reduce((sum, { best }) => sum + best.length, 0), questions];
}

/** Removes the selectivity of a layer, if it is there: its numbers are others now. */
export async function removeSelectivity(directory: string, layer: LayerName): Promise<void> {
  for (const file of [RECORD_FILE, ...Object.values(FILES)]) {
    await removeFile(layerPath(directory, layer, file));
  }
}
