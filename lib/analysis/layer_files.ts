/**
 * What is written of a layer: its numbers, and its pictures.
 *
 * @module
 */
import { basename } from "node:path";
import { type Observer, SILENT } from "../base/observer.ts";
import { timed } from "../base/work_log.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import { type Drawing, DRAWN_HERE, writePicturesOf } from "../pictures/layer_pictures.ts";
import { LAYER_PICTURES } from "../pictures/all_pictures.ts";
import type { Recipe } from "../pictures/recipe.ts";
import { canBeAsked, picturesOnDisk } from "../pictures/picture_files.ts";
import { redrawPictures } from "../pictures/stale_pictures.ts";
import { statisticsPicturePaths } from "../pictures/statistics_names.ts";
import { summaryPicturePaths } from "../pictures/summary_picture.ts";
import { layerPath, verdictPaths } from "../results/file_names.ts";
import { exists } from "../files/look.ts";
import { removeFile } from "../files/write_whole.ts";
import { type LayerName, layerText, numbersOf } from "../results/layer_name.ts";
import type { LayerResult } from "../results/layer_result.ts";
import {
  RECORD_FILE as SELECTIVITY_RECORD,
  removeSelectivity,
  writeSelectivity,
} from "../results/selectivity_files.ts";
import { removeTable } from "../results/table_names.ts";
import { writeLayerResult } from "../results/write_layer.ts";

/**
 * Writes the numbers of a layer, and then its pictures, which threads draw meanwhile. Pictures in
 * formats that were not asked for stay, and are drawn again if the numbers are new.
 *
 * @param how Whether the numbers are new; if not, they lie there already. How pictures are drawn, and
 * where; by default on this thread. Whether those that mark discoveries are drawn later, by the caller:
 * what is a discovery is known when all layers are measured.
 * @param observer Told what is complete, and which pictures are removed.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeLayerFiles(
  directory: string,
  result: LayerResult,
  { isNew, pictures, drawing = DRAWN_HERE, marksLater = false }: {
    isNew: boolean;
    pictures: PictureOptions;
    drawing?: Drawing;
    marksLater?: boolean;
  },
  observer: Observer,
): Promise<void> {
  const { layer } = result.record;
  // Pictures of numbers that stay are not touched, but for those asked for.
  const earlier = isNew ? await picturesOnDisk(directory, layer) : [];
  const stale = [
    ...earlier.map(({ path }) => path),
    ...summaryPicturePaths(directory),
    ...statisticsPicturePaths(directory, layer),
  ];
  const writeNumbers = async () => {
    if (isNew) {
      await removeVerdict(directory, observer);
      await removeMeasured(directory, layer, marksLater ? SILENT : observer); // or it is made again
      await timed("write", async () => {
        await writeLayerResult(directory, result, stale);
        if (result.selectivity) await writeSelectivity(directory, layer, result.selectivity);
      });
    }
    observer.done(directory, numbersOf(layer));
  };
  const before = writeNumbers();
  before.catch(() => {}); // it is thrown when it is awaited
  if (drawing.atOnce === 1) await before; // this thread would draw first
  const how = { options: pictures, drawing };
  const isLater = ({ marksDiscoveries }: Recipe) => marksLater && marksDiscoveries === true;
  const recipes = LAYER_PICTURES.filter((recipe) => !isLater(recipe));
  await writePicturesOf(directory, result, { ...how, recipes, before });
  const redrawn = earlier.filter((file) =>
    !isLater(file.recipe) || !canBeAsked(directory, layer, file)
  );
  const gone = await redrawPictures(directory, result, { ...how, earlier: redrawn });
  noteGone(layer, gone, observer);
  observer.done(directory, layerText(layer), [numbersOf(layer)]);
}

/** A verdict of other numbers is not to be taken for one of these. */
async function removeVerdict(directory: string, observer: Observer): Promise<void> {
  const removed = []; // another layer may be written at the same time, and remove them, too
  for (const path of verdictPaths(directory)) if (await removeFile(path)) removed.push(path);
  if (removed.length === 0) return;
  observer.note(
    `removed, for the numbers are others now: ${removed.map((path) => basename(path)).join(", ")}`,
    { kind: "verdict_again", outputDirectory: directory },
  );
}

/** What was measured of other numbers goes, and with it the table of all layers that it is in. */
async function removeMeasured(
  directory: string,
  layer: LayerName,
  observer: Observer,
): Promise<void> {
  if (await exists(layerPath(directory, layer, SELECTIVITY_RECORD))) {
    const removed = await removeTable(directory);
    if (removed.length > 0) {
      observer.note(`removed, for the numbers are others now: ${removed.join(", ")}`);
    }
  }
  await removeSelectivity(directory, layer);
}

/** A layer whose SAE is another one now may lack what a picture showed. */
function noteGone(layer: LayerName, gone: readonly string[], observer: Observer): void {
  if (gone.length === 0) return;
  observer.note(
    `${layerText(layer)}: removed, for it has no such picture any more: ` +
      gone.map((path) => basename(path)).join(", "),
  );
}
