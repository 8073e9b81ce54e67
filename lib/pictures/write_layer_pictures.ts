/**
 * Writes all pictures of a layer. The canvas and all that draws are loaded when the first is written,
 * so that whoever wants no pictures need not wait for them.
 *
 * @module
 */
import type { LayerResult } from "../results/layer_result.ts";
import type { PictureOptions } from "./figure_files.ts";
import type { MatrixName } from "./recipe.ts";

/**
 * Writes all pictures of a layer.
 *
 * @throws {InputError} If one cannot be drawn in the resolution asked for, or not be written.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, writeLayerPictures } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const layer of analyzeLayers(plan, device)) {
 *   const directory = "results/example_pictures";
 *   await Deno.mkdir(directory, { recursive: true });
 *   await writeLayerPictures(directory, layer, { dpi: 20, formats: ["svg"] });
 *   console.log([...Deno.readDirSync(directory)].map(({ name }) => name));
 * }
 * ```
 */
export async function writeLayerPictures(
  directory: string,
  result: Pick<LayerResult, "record" | MatrixName>,
  options: PictureOptions,
): Promise<void> {
  const { DRAWN_HERE, writePicturesOf } = await import("./layer_pictures.ts");
  await writePicturesOf(directory, result, { options, drawing: DRAWN_HERE });
}
