/**
 * The files of a layer's selectivity: its measures, the activations of its listed features, who was
 * asked what, and a record that says what they are.
 *
 * @module
 */
import type { LayerName } from "./layer_name.ts";
import { basename } from "node:path";
import { InputError, messageOf } from "../base/errors.ts";
import { hashBytes, hashFile } from "../files/hash_file.ts";
import { readJson } from "../files/json.ts";
import { jsonText } from "../files/json_writer.ts";
import { isFileThere } from "../files/look.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import { MEASURES, type Selectivity } from "../stats/selectivity/selectivity.ts";
import type { LayerNulls } from "./layer_nulls.ts";
import { NULL_METHOD, type NullRecord } from "./null_record.ts";
import { activationMatrix } from "./artifacts/activation_matrix.ts";
import { layerPath } from "./file_names.ts";
import { type ArrayTypes, npyBytes, readNpy } from "./npy_file.ts";
import { type SelectivityRecord, selectivityRecordSchema } from "./selectivity_record.ts";

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
const RECORD_FILE = "selectivity.json";
/** The arrays' names, without the layer. */
const FILES = {
  measures: "selectivity.npy",
  activations: "listed_activations.npy",
  questions: "selectivity_questions.npy",
  nulls: "null_activations.npy",
  lists: "list_activations.npy",
} as const;

/** The longest record that is read, in bytes. */
const MAX_RECORD_BYTES = 2 ** 24;

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

function listShape({ lists }: NullRecord, questions: number): number[] {
  return [lists.features.length, questions];
}

function nullShape({ sets }: NullRecord, questions: number): number[] {
  return [sets.reduce((sum, { best }) => sum + best.length, 0), questions];
}

/** Removes the selectivity of a layer, if it is there: its numbers are others now. */
export async function removeSelectivity(directory: string, layer: LayerName): Promise<void> {
  for (const file of [RECORD_FILE, ...Object.values(FILES)]) {
    await removeFile(layerPath(directory, layer, file));
  }
}

/**
 * Reads what the selectivity of a layer is.
 *
 * @returns Undefined if there is none.
 * @throws {InputError} If it is damaged, or of other numbers than the layer's.
 */
export async function readSelectivityRecord(
  directory: string,
  layer: LayerName,
): Promise<SelectivityRecord | undefined> {
  const path = layerPath(directory, layer, RECORD_FILE);
  if (!await isFileThere(path)) return undefined;
  const record = await readJson(selectivityRecordSchema, path, MAX_RECORD_BYTES);
  const matrix = await hashFile(layerPath(directory, layer, activationMatrix.file));
  if (matrix === record.activation_matrix_sha256) return record;
  throw new InputError(`${path} is of other numbers than the layer's`);
}

/**
 * Reads the selectivity of a layer.
 *
 * @param record What was read of it.
 * @throws {InputError} If a file is missing or damaged.
 */
export async function readSelectivity(
  directory: string,
  layer: LayerName,
  record: SelectivityRecord,
): Promise<LayerSelectivity> {
  const { groups, listed, nulls } = record;
  const count = groups[0]!.n_in + groups[0]!.n_out;
  const read = <T extends keyof ArrayTypes>(name: keyof typeof FILES, type: T, shape: number[]) =>
    readArray({ directory, layer, record }, name, type, shape);
  return {
    record,
    measures: await readMeasures(directory, layer, record),
    activations: await read("activations", "f4", [listed.length, count]),
    questions: await read("questions", "i4", [count, QUESTION_FIELDS.length]),
    ...nulls && {
      nulls: {
        record: nulls,
        activations: await read("nulls", "f4", nullShape(nulls, count)),
        lists: {
          features: nulls.lists.features,
          activations: await read("lists", "f4", listShape(nulls, count)),
        },
      },
    },
  };
}

/**
 * Reads the measures of a layer alone.
 *
 * @param record What was read of it.
 * @throws {InputError} If the file is missing or damaged.
 */
export async function readMeasures(
  directory: string,
  layer: LayerName,
  record: SelectivityRecord,
): Promise<Selectivity> {
  const { groups, n_features } = record;
  const shape = [MEASURES.length, groups.length, n_features];
  const all = await readArray({ directory, layer, record }, "measures", "f8", shape);
  const cells = groups.length * n_features;
  return Object.fromEntries(
    MEASURES.map((measure, i) => [measure, all.subarray(i * cells, (i + 1) * cells)]),
  ) as Selectivity;
}

async function readArray<T extends keyof ArrayTypes>(
  { directory, layer, record }: { directory: string; layer: LayerName; record: SelectivityRecord },
  name: keyof typeof FILES,
  type: T,
  shape: readonly number[],
): Promise<ArrayTypes[T]> {
  const path = layerPath(directory, layer, FILES[name]);
  if (!await isFileThere(path)) throw new InputError(`${path} is missing`);
  const sha256 = record.files_sha256[basename(path)];
  if (sha256 === undefined) throw new InputError(`${path}: its record holds no hash of it`);
  return await readNpy(path, type, shape, { sha256, mayLack: name === "measures" });
}

/**
 * Why the selectivity of a layer that lies there cannot be used; undefined if it can.
 *
 * @param needed Whether what is found without the SAE must be there, which older files lack.
 */
export async function selectivityProblem(
  directory: string,
  layer: LayerName,
  { nulls = false }: { nulls?: boolean } = {},
): Promise<string | undefined> {
  try {
    const record = await readSelectivityRecord(directory, layer);
    if (record === undefined) return "it lacks the statistics of each feature";
    if (nulls && record.nulls?.method !== NULL_METHOD) {
      return "it lacks what a random encoder, neurons and mean directions find";
    }
    for (const file of Object.values(FILES)) {
      const isOfNulls = file === FILES.nulls || file === FILES.lists;
      if (isOfNulls && record.nulls === undefined) continue;
      const path = layerPath(directory, layer, file);
      if (!await isFileThere(path)) return `${path} is missing`;
      if (await hashFile(path) !== record.files_sha256[basename(path)]) {
        return `${path} is not as it was written`;
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return messageOf(error);
    throw error;
  }
}
