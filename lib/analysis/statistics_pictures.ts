/**
 * The pictures that need the statistics of the whole run, drawn at its end: q, and so what is a
 * discovery, is known when all layers are measured.
 *
 * @module
 */
import { basename } from "node:path";
import { top } from "../pictures/top_features.ts";
import { discoveriesOf } from "../pictures/discoveries.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import { needsConsistency, writeLayerPicture } from "../pictures/layer_pictures.ts";
import { picturesOnDisk } from "../pictures/picture_files.ts";
import { emergencePath, SITE_PICTURES, sitePicturePath } from "../pictures/statistics_names.ts";
import {
  emergenceOf,
  type MeasuredLayer,
  readMeasured,
  writeEmergence,
  writeSitePicture,
} from "../pictures/statistics_pictures.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";
import { readLayerArray } from "../results/layer_result.ts";
import { measuredLayers } from "../results/measured_layers.ts";

/**
 * Draws the pictures of the statistics of a run, and the top features again, with marks.
 *
 * @param how How pictures are drawn, and the names of those that there were: in other formats they are
 * drawn again.
 * @throws {InputError} If a file is missing or damaged, or cannot be written.
 */
export async function drawStatistics(
  directory: string,
  { pictures, earlier }: { pictures: PictureOptions; earlier: ReadonlySet<string> },
): Promise<void> {
  const formatsOf = (path: (format: PictureFormat) => string) => {
    const { formats = ["png"] } = pictures;
    const there = PICTURE_FORMATS.filter((format) => earlier.has(basename(path(format))));
    return { ...pictures, formats: [...new Set([...formats, ...there])] };
  };
  const found = [];
  for await (const layer of readMeasured(directory, await measuredLayers(directory))) {
    const drawn = SITE_PICTURES.map(async (picture) => {
      const options = formatsOf((format) =>
        sitePicturePath(directory, layer.record.layer, { picture, format })
      );
      await writeSitePicture(directory, picture, { layer, options });
    });
    await Promise.all([...drawn, markTopFeatures(directory, layer, pictures)]);
    found.push(emergenceOf(layer));
  }
  if (found.length === 0) return;
  const options = formatsOf((format) => emergencePath(directory, format));
  await writeEmergence(directory, found, options);
}

/** Draws every picture of the top features again that is there, now with marks. */
async function markTopFeatures(
  directory: string,
  { record, site, tests }: MeasuredLayer,
  options: PictureOptions,
): Promise<void> {
  const there = (await picturesOnDisk(directory, record.layer))
    .filter(({ recipe, number }) => recipe === top && number !== 0);
  if (there.length === 0) return;
  const source = {
    record,
    matrix: await readLayerArray(directory, record, top.array),
    consistency: needsConsistency(top, record)
      ? await readLayerArray(directory, record, "consistency")
      : undefined,
    discoveries: discoveriesOf(site, tests),
  };
  for (const { format, number } of there) {
    // As it was asked for: the caption says if fewer are shown than were.
    const isAsked = top.number!.of(options, record) === number;
    const asked = isAsked ? {} : top.number!.options(number!);
    const how = { ...options, formats: [format], ...asked };
    await writeLayerPicture(directory, top, { ...source, options: how });
  }
}
