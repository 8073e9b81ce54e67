/**
 * The pictures that need the statistics of the whole run, drawn at its end: q, and so what is a
 * discovery, is known when all layers are measured.
 *
 * @module
 */
import { basename } from "node:path";
import { discoveriesOf } from "../../pictures/discoveries.ts";
import type { DrawingThreads } from "../../pictures/drawing_threads.ts";
import { type PictureOptions, writeFigureFiles } from "../../pictures/figure_files.ts";
import type { Discoveries } from "../../pictures/layer_picture.ts";
import type { Recipe } from "../../pictures/recipe.ts";
import { DRAWN_HERE, needsConsistency, writeLayerPicture } from "../../pictures/layer_pictures.ts";
import { canBeAsked, picturePath, picturesNamed } from "../../pictures/picture_files.ts";
import { LAYER_PICTURES } from "../../pictures/all_pictures.ts";
import { SITE_PICTURES } from "../../pictures/all_site_pictures.ts";
import { RUN_PICTURES } from "../../pictures/all_run_pictures.ts";
import type { KeptLayer, MeasuredLayer } from "../../pictures/run_picture.ts";
import { sitePicturePath } from "../../pictures/site_picture_path.ts";
import { runPicturePath } from "../../pictures/statistics_names.ts";
import { drawSitePictures } from "../../pictures/draw_site_pictures.ts";
import { writeRunPicture } from "../../pictures/statistics_pictures.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../../plot/names.ts";
import { namesIn } from "../../files/look.ts";
import type { LayerName } from "../../results/layer_name.ts";
import { readLayerArray, readLayerRecord } from "../../results/layer_result.ts";
import type { LayerRecord } from "../../results/layer_record.ts";
import { seesOnlyLength } from "../../results/sees_only_length.ts";
import type { QualifiedSelectivity } from "../../results/selectivity_table.ts";

/** The pictures of a layer that mark discoveries. */
const MARKED = LAYER_PICTURES.filter(({ marksDiscoveries }) => marksDiscoveries === true);

/** Where pictures of a layer and of its statistics are drawn, and by how many threads. */
export type SiteDrawing = Pick<DrawingThreads, "atOnce" | "count" | "draw" | "drawSite">;

/** What there is to draw at the end of a run, and where. */
export interface StatisticsDrawing {
  /** How pictures are drawn. */
  readonly pictures: PictureOptions;
  /** The layers of the run: their pictures that mark discoveries were left for the end. */
  readonly layers: readonly LayerName[];
  /** The names of the pictures that there were: in other formats they are drawn again. */
  readonly earlier: ReadonlySet<string>;
  /** Where pictures of a layer are drawn. Default: on this thread. */
  readonly drawing?: SiteDrawing | undefined;
}

/** Draws the pictures of the statistics of a run, and those that mark discoveries. */
export class StatisticsPictures {
  readonly #directory: string;
  readonly #how: StatisticsDrawing;
  /** Of each layer that was drawn, what each picture of all layers kept. */
  readonly #drawn: (KeptLayer<readonly unknown[]> | undefined)[] = [];

  /** Makes ready to draw into a directory. */
  constructor(directory: string, how: StatisticsDrawing) {
    this.#directory = directory;
    this.#how = how;
  }

  /**
   * Draws those of a layer.
   *
   * @param site Its statistics; they are drawn in the order of the layers.
   * @param tests How many tests q was computed over.
   * @throws {InputError} If a file is missing or damaged, or cannot be written.
   */
  async draw(site: QualifiedSelectivity, tests: number): Promise<void> {
    const directory = this.#directory;
    const place = this.#drawn.push(undefined) - 1; // the layers after it may be begun before it ends
    const record = await readLayerRecord(directory, site.layer);
    const layer = { record, site, tests };
    const keepAndMark = async () => {
      const kept = RUN_PICTURES.map(({ keep }) => keep(layer));
      this.#drawn[place] = { record, isControl: seesOnlyLength(record, site), kept };
      await drawMarked(directory, record, this.#how, discoveriesOf(site, tests));
    };
    await Promise.all([this.#drawSite(layer), keepAndMark()]);
  }

  async #drawSite(layer: MeasuredLayer): Promise<void> {
    const directory = this.#directory;
    const { drawing = { drawSite: drawSitePictures } } = this.#how;
    const pictures = SITE_PICTURES.map((picture) => ({
      picture,
      options: this.#formatsOf((format) =>
        sitePicturePath(directory, layer.record.layer, { picture, format })
      ),
    }));
    await writeFigureFiles(await drawing.drawSite(directory, layer, pictures));
  }

  /**
   * Draws what is left: those that mark discoveries, of layers that were not measured, and the pictures
   * of all layers.
   *
   * @throws {InputError} If a file is missing or damaged, or cannot be written.
   */
  async finish(): Promise<void> {
    const directory = this.#directory;
    const drawn = this.#drawn.filter((each) => each !== undefined);
    const isDrawn = (layer: LayerName) => drawn.some(({ record }) => record.layer === layer);
    for (const layer of this.#how.layers.filter((layer) => !isDrawn(layer))) {
      await drawMarked(directory, await readLayerRecord(directory, layer), this.#how);
    }
    if (drawn.length === 0) return;
    for (const [i, picture] of RUN_PICTURES.entries()) {
      const options = this.#formatsOf((format) => runPicturePath(directory, picture, format));
      const layers = drawn.map(({ kept, ...about }) => ({ ...about, kept: kept[i] }));
      await writeRunPicture(directory, picture, { layers, options });
    }
  }

  /** The formats asked for, and those of the files that there were. */
  #formatsOf(path: (format: PictureFormat) => string): PictureOptions {
    const { pictures, earlier } = this.#how;
    const { formats = ["png"] } = pictures;
    const there = PICTURE_FORMATS.filter((format) => earlier.has(basename(path(format))));
    return { ...pictures, formats: [...new Set([...formats, ...there])] };
  }
}

/** Draws the pictures of a layer that mark discoveries. */
async function drawMarked(
  directory: string,
  record: LayerRecord,
  how: StatisticsDrawing,
  discoveries?: Discoveries,
): Promise<void> {
  for (const recipe of MARKED) await drawRecipe(directory, recipe, { record, discoveries }, how);
}

/**
 * Draws a picture of a layer: as the run was asked for it, if it is of the run, and every file of it
 * again that is there or was.
 */
async function drawRecipe(
  directory: string,
  recipe: Recipe,
  { record, discoveries }: { record: LayerRecord; discoveries: Discoveries | undefined },
  { pictures, layers, earlier, drawing }: StatisticsDrawing,
): Promise<void> {
  const { layer } = record;
  const asked = recipe.number?.of(pictures, record);
  const there = picturesNamed(await namesIn(directory), directory, layer);
  const wanted = new Map<string, PictureOptions>();
  if (layers.includes(layer)) {
    for (const format of pictures.formats ?? ["png"]) {
      wanted.set(picturePath(directory, layer, { recipe, format, number: asked }), {
        ...pictures,
        formats: [format],
      });
    }
  }
  const before = picturesNamed(earlier, directory, layer);
  for (const file of [...there, ...before].filter((each) => each.recipe === recipe)) {
    const { path, format, number } = file;
    if (wanted.has(path) || !canBeAsked(directory, layer, file)) continue;
    // As it was asked for: the caption says if fewer are shown than were.
    const how = asked === number ? {} : recipe.number?.options(number!);
    wanted.set(path, { ...pictures, formats: [format], ...how });
  }
  if (wanted.size === 0) return;
  const source = {
    record,
    matrix: await readLayerArray(directory, record, recipe.array),
    consistency: needsConsistency(recipe, record)
      ? await readLayerArray(directory, record, "consistency")
      : undefined,
    discoveries,
  };
  // A single thread has those of the statistics to draw, and this one is free.
  const where = drawing === undefined || drawing.count < 2 ? DRAWN_HERE : drawing;
  for (const options of wanted.values()) {
    await writeLayerPicture(directory, recipe, { ...source, options }, where);
  }
}
