/** What the reference made of its fixture. */
import { makeRelation } from "../../lib/questions/relations.ts";
import { readNpy } from "../../lib/results/npy_file.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { REFERENCE } from "./fixtures.ts";
import { layerRecord } from "./layer_results.ts";

/** The layers of which there are outputs, and the sizes of the SAEs. */
export const GOLDEN = {
  supervised: { layers: [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11], freeCount: 160, slotCount: 6 },
  traditional: { layers: [0, 6], freeCount: 120, slotCount: 0 },
} as const;

/** A kind of SAE. */
export type Kind = keyof typeof GOLDEN;

/** The relations in the order of the rows, as the question file names them. */
const NAMES = ["birth_date", "birth_city", "university", "major", "employer", "company_city"];

/** The record of a layer, as an analysis like the reference's would write it. */
export function goldenRecord(kind: Kind, layer: number): LayerRecord {
  const { freeCount, slotCount } = GOLDEN[kind];
  const relations = NAMES.map((name, i) => ({ ...makeRelation(i, name), questions: 30 }));
  return layerRecord({ layer, sae: kind, d_model: 32, freeCount, slotCount, relations });
}

/** One of its matrices: those in `golden` are the reference's own. */
export async function goldenMatrix(
  kind: Kind,
  layer: number,
  file: "golden/activation_matrix" | "golden64/consistency",
): Promise<Float64Array<ArrayBuffer>> {
  const [folder, name] = file.split("/");
  const { freeCount, slotCount } = GOLDEN[kind];
  const path = `${REFERENCE}/${folder}/${kind}/${prefix(layer)}_${name}.npy`;
  return await readNpy(path, "f8", [NAMES.length, freeCount + slotCount]);
}

/** One of its JSON files. */
export function goldenJson(
  kind: Kind,
  layer: number,
  name: "statistics" | "common_features",
): unknown {
  const path = `${REFERENCE}/golden/${kind}/${prefix(layer)}_${name}.json`;
  return JSON.parse(Deno.readTextFileSync(path));
}

function prefix(layer: number): string {
  return `layer${String(layer).padStart(2, "0")}`;
}
