/**
 * The result of a layer: its arrays and what they are. In memory after an analysis, on disk ever
 * after; what is made of it is the same from both.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import type { ExactSums } from "../sae/encode/exact_sums.ts";
import { readJson } from "../files/json.ts";
import { isMadeOf, type LayerArrays, type LayerNumbers } from "./artifact.ts";
import { readSums } from "./artifacts/activation_sums.ts";
import { type AnyArray, ARRAYS, RECORD } from "./artifacts/all.ts";
import { layerPath } from "./file_names.ts";
import { type LayerName, layerText } from "./layer_name.ts";
import { type ArrayTypes, emptyArray, readNpy } from "./npy_file.ts";
import { readOrRemade, remade } from "./remade.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";
import { type LayerRecord, layerRecordSchema } from "./layer_record.ts";

/** Everything that is known of a layer. */
export interface LayerResult extends LayerArrays {
  /** What the arrays are. */
  readonly record: LayerRecord;
  /** The sums that the means are made of, of tiles exactly; results of earlier versions have none. */
  readonly sums?: ExactSums | undefined;
  /** How selective each feature is, if that was measured; it is read by itself. */
  readonly selectivity?: LayerSelectivity | undefined;
}

/** The longest record that is read, in bytes; one of a thousand relations has a quarter. */
const MAX_RECORD_BYTES = 2 ** 20;

/** The arrays of a layer, made of what encoding gave. */
export function makeArrays(numbers: LayerNumbers): LayerArrays {
  const made = Object.entries(ARRAYS).map(([name, { make }]) => [name, make(numbers)]);
  return Object.fromEntries(made) as LayerArrays;
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
 * const outputDirectory = "results/example_layer";
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
export async function readLayerResult(directory: string, layer: LayerName): Promise<LayerResult> {
  const record = await readLayerRecord(directory, layer);
  const arrays: Record<string, ArrayTypes[keyof ArrayTypes]> = {};
  for (const name of Object.keys(ARRAYS) as (keyof LayerArrays)[]) {
    arrays[name] = isMadeOf(ARRAYS[name], record)
      ? await readLayerArray(directory, record, name)
      : emptyArray(ARRAYS[name].type);
  }
  const sums = await readSums(directory, record);
  return { record, ...arrays as unknown as LayerArrays, ...(sums && { sums }) };
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
 * const outputDirectory = "results/example_record";
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
 * assert.equal(record.freeCount, 1000);
 * ```
 */
export async function readLayerRecord(directory: string, layer: LayerName): Promise<LayerRecord> {
  const path = layerPath(directory, layer, RECORD.file);
  if (!await isFileThere(path)) {
    throw remade(`${path} is missing`, directory, layer);
  }
  const record = await readJson(layerRecordSchema, path, MAX_RECORD_BYTES);
  if (record.layer !== layer) {
    throw new InputError(`${path} is the record of ${layerText(record.layer)}`);
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
 * const outputDirectory = "results/example_array";
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
 * assert.equal(means.length, record.relations.length * (record.freeCount + record.slotCount));
 * ```
 */
export async function readLayerArray<N extends keyof LayerArrays>(
  directory: string,
  record: LayerRecord,
  name: N,
): Promise<LayerArrays[N]> {
  const { file, type, shape, problem: problemOf } = ARRAYS[name] as AnyArray;
  const path = layerPath(directory, record.layer, file);
  if (!await isFileThere(path)) throw remade(`${path} is missing`, directory, record.layer);
  return await readOrRemade(directory, record.layer, async () => {
    const sha256 = hashOf(record, path);
    const array = await readNpy(path, type, shape(record), { sha256 });
    const problem = problemOf?.(array as never, record);
    if (problem === undefined) return array as LayerArrays[N];
    throw new InputError(`${path} ${problem}`);
  });
}

/** The hash that a record vouches for a file with; undefined if it was never on disk. */
function hashOf({ files_sha256 }: LayerRecord, path: string): string | undefined {
  if (files_sha256 === undefined) return undefined;
  const name = basename(path);
  if (Object.hasOwn(files_sha256, name)) return files_sha256[name];
  throw new InputError(`${path}: the layer's record holds no hash of it`);
}
