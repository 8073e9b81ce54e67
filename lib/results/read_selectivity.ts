/**
 * Reads the files of a layer's selectivity, if they are whole and of the layer's numbers.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError, messageOf } from "../base/errors.ts";
import { hashFile } from "../files/hash_file.ts";
import { readJson } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { MEASURES, type Selectivity } from "../stats/selectivity/selectivity.ts";
import { activationMatrix } from "./artifacts/activation_matrix.ts";
import { layerPath } from "./file_names.ts";
import type { LayerName } from "./layer_name.ts";
import { type ArrayTypes, readNpy } from "./npy_file.ts";
import { NULL_METHOD } from "./null_record.ts";
import { readOrRemade, remade } from "./remade.ts";
import {
  FILES,
  type LayerSelectivity,
  listShape,
  nullShape,
  QUESTION_FIELDS,
  RECORD_FILE,
} from "./selectivity_files.ts";
import { type SelectivityRecord, selectivityRecordSchema } from "./selectivity_record.ts";

/** The longest record that is read, in bytes. */
const MAX_RECORD_BYTES = 2 ** 24;

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
  return await readOrRemade(directory, layer, async () => {
    const record = await readJson(selectivityRecordSchema, path, MAX_RECORD_BYTES);
    const matrix = await hashFile(layerPath(directory, layer, activationMatrix.file));
    if (matrix === record.activation_matrix_sha256) return record;
    throw new InputError(`${path} is of other numbers than the layer's`);
  });
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
  if (!await isFileThere(path)) throw remade(`${path} is missing`, directory, layer);
  return await readOrRemade(directory, layer, async () => {
    const sha256 = record.files_sha256[basename(path)];
    if (sha256 === undefined) throw new InputError(`${path}: its record holds no hash of it`);
    return await readNpy(path, type, shape, { sha256, mayLack: name === "measures" });
  });
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
