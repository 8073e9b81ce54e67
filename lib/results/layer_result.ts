/**
 * The result of a layer: its arrays and what they are. In memory after an analysis, on disk ever
 * after; what is made of it is the same from both.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError, messageOf } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { readJson } from "../files/json.ts";
import { type LayerFile, layerPath } from "./file_names.ts";
import { npyBytes, readNpy } from "./npy_file.ts";
import { type LayerRecord, layerRecordSchema } from "./schemas.ts";

/** The arrays of a layer. Matrices are `[relations, features]`, rows first. */
export interface LayerArrays {
  /** The mean activations: the activation matrix. */
  readonly means: Float32Array<ArrayBuffer>;
  /** The greatest activations. */
  readonly maxima: Float32Array<ArrayBuffer>;
  /** The fractions of questions above the threshold. */
  readonly consistency: Float64Array<ArrayBuffer>;
  /** The slots' activations, `[questions, slots]`, the questions in the order of the relations. */
  readonly slotActivations: Float32Array<ArrayBuffer>;
  /** `[questions, 2]`: the relation's number and the line in the question file of each question. */
  readonly questions: Int32Array<ArrayBuffer>;
}

/** Everything that is known of a layer. */
export interface LayerResult extends LayerArrays {
  /** What the arrays are. */
  readonly record: LayerRecord;
}

/** The longest record that is read, in bytes; one of a thousand relations has a quarter. */
const MAX_RECORD_BYTES = 2 ** 20;

/** How each array is stored, and which shape it has. */
const ARRAYS = {
  means: ["activation_matrix.npy", "f4", matrixShape],
  maxima: ["activation_maxima.npy", "f4", matrixShape],
  consistency: ["consistency.npy", "f8", matrixShape],
  slotActivations: ["slot_activations.npy", "f4", slotShape],
  questions: ["questions.npy", "i4", questionShape],
} as const;

function matrixShape({ relations, n_free, n_relation }: LayerRecord): number[] {
  return [relations.length, n_free + n_relation];
}

function slotShape(record: LayerRecord): number[] {
  return [questionCount(record), record.n_relation];
}

function questionShape(record: LayerRecord): number[] {
  return [questionCount(record), 2];
}

/** How many questions a layer's result is made of. */
export function questionCount({ relations }: LayerRecord): number {
  return relations.reduce((total, { questions }) => total + questions, 0);
}

/** The arrays of a layer as the bytes of their files. */
export function arrayFiles(result: LayerResult): Map<LayerFile, Uint8Array> {
  const { record } = result;
  return new Map(
    arrayNames(record).map((name) => {
      const [file, , shape] = ARRAYS[name];
      return [file, npyBytes(result[name], shape(record))];
    }),
  );
}

/**
 * Reads all that is known of a layer.
 *
 * @throws {InputError} If a file is missing or damaged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, readLayerResult, summarizeLayer } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const layer = await readLayerResult(outputDirectory, 6);
 * assert.equal(layer.questions.length, 30 * 2);
 * console.log(summarizeLayer(layer).binding_accuracy);
 * ```
 */
export async function readLayerResult(directory: string, layer: number): Promise<LayerResult> {
  const record = await readLayerRecord(directory, layer);
  const read = <N extends keyof LayerArrays>(name: N) => readLayerArray(directory, record, name);
  return {
    record,
    means: await read("means"),
    maxima: await read("maxima"),
    consistency: await read("consistency"),
    slotActivations: record.n_relation > 0 ? await read("slotActivations") : new Float32Array(0),
    questions: await read("questions"),
  };
}

/**
 * Reads what the arrays of a layer are.
 *
 * @throws {InputError} If the layer has not been analysed, or the file is damaged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, readLayerRecord } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const record = await readLayerRecord(outputDirectory, 6);
 * assert.equal(record.n_free, 1000);
 * ```
 */
export async function readLayerRecord(directory: string, layer: number): Promise<LayerRecord> {
  const path = layerPath(directory, layer, "analysis.json");
  if (!await isFileThere(path)) {
    throw remade(`${path} is missing`, directory, layer);
  }
  const record = await readJson(layerRecordSchema, path, MAX_RECORD_BYTES);
  if (record.layer !== layer) {
    throw new InputError(`${path} is the record of layer ${record.layer}`);
  }
  // Without the hashes, nothing would tell that an array is not the record's.
  if (record.files_sha256 === undefined) throw new InputError(`${path}: files_sha256 is missing`);
  return record;
}

/**
 * Reads one array of a layer.
 *
 * @param record What was read of the layer; of one that was never on disk, the hashes are not known
 * and not checked.
 * @throws {InputError} If it is missing or damaged, or is not what the record says: of another shape,
 * with another hash, or of other questions.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, readLayerArray, readLayerRecord } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const record = await readLayerRecord(outputDirectory, 6);
 * const means = await readLayerArray(outputDirectory, record, "means");
 * assert.equal(means.length, record.relations.length * (record.n_free + record.n_relation));
 * ```
 */
export async function readLayerArray<N extends keyof LayerArrays>(
  directory: string,
  record: LayerRecord,
  name: N,
): Promise<LayerArrays[N]> {
  const [file, type, shape] = ARRAYS[name];
  const path = layerPath(directory, record.layer, file);
  if (!await isFileThere(path)) throw remade(`${path} is missing`, directory, record.layer);
  try {
    const sha256 = hashOf(record, path);
    const array = await readNpy(path, type, shape(record), sha256) as LayerArrays[N];
    if (name === "consistency") checkShares(path, array as Float64Array);
    if (name === "questions") checkQuestions(path, array as Int32Array, record);
    return array;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw remade(messageOf(error), directory, record.layer);
  }
}

/** The hash that a record vouches for a file with; undefined if it was never on disk. */
function hashOf({ files_sha256 }: LayerRecord, path: string): string | undefined {
  if (files_sha256 === undefined) return undefined;
  const name = basename(path);
  if (Object.hasOwn(files_sha256, name)) return files_sha256[name];
  throw new InputError(`${path}: the layer's record holds no hash of it`);
}

/** The questions stand relation after relation, as many of each as the record says. */
function checkQuestions(path: string, values: Int32Array, { relations }: LayerRecord): void {
  let question = 0;
  for (const { index, questions } of relations) {
    for (const end = question + questions; question < end; question++) {
      if (values[2 * question] === index) continue;
      throw new InputError(
        `${path} has question ${question} ask for relation ${values[2 * question]}, but the ` +
          `layer's record for ${index}`,
      );
    }
  }
}

function checkShares(path: string, values: Float64Array): void {
  const wrong = values.findIndex((share) => share < 0 || share > 1);
  if (wrong === -1) return;
  throw new InputError(`${path} holds ${values[wrong]} at position ${wrong}, expected 0 to 1`);
}

/** What is wrong with a layer's file, and what makes it. */
function remade(problem: string, directory: string, layer: number): InputError {
  return new InputError(problem, {
    advice: { kind: "analyze", outputDirectory: directory, layers: [layer] },
  });
}

/** The arrays that a layer has: a traditional SAE has no slots. */
function arrayNames({ n_relation }: LayerRecord): (keyof LayerArrays)[] {
  const names = Object.keys(ARRAYS) as (keyof LayerArrays)[];
  return n_relation > 0 ? names : names.filter((name) => name !== "slotActivations");
}
