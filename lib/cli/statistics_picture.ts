/**
 * What the scripts have in common that draw the statistics on disk.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { SiteList } from "../lm/site_list.ts";
import type { AnyRunPicture, MeasuredLayer } from "../pictures/run_picture.ts";
import type { SitePicture } from "../pictures/site_picture.ts";
import { layersText } from "../results/layer_name.ts";
import type { Command, Option, Options } from "./command.ts";
import { lockResults } from "./lock_results.ts";
import { chosenLayers, REGENERATE_OPTIONS } from "./chosen_layers.ts";
import { PICTURE_OPTIONS, pictureOptions, type PictureValues } from "./picture_options.ts";
import type { Terminal } from "./terminal.ts";

/** The options of pictures that are not heatmaps of activations. */
export const PLAIN_PICTURE_OPTIONS: {
  readonly dpi: Option<number | undefined>;
  readonly format: typeof PICTURE_OPTIONS.format;
} = { dpi: PICTURE_OPTIONS.dpi, format: PICTURE_OPTIONS.format };

/** The values of the options that say which statistics are meant. */
export interface StatisticsValues {
  /** The directory with the results. */
  output_dir: string;
  /** The layers. */
  layers: "all" | number[];
  /** The sites, instead of layers. */
  sites?: SiteList | undefined;
  /** Whether to wait for another run. */
  wait: boolean;
}

/** A command that draws a picture of each layer's statistics again. */
export interface SitePictureCommand extends Command {
  /** The picture; it is loaded when there is work for it. */
  readonly picture: () => Promise<SitePicture>;
}

/** A command that draws a picture of the statistics of all layers again. */
export interface RunPictureCommand extends Command {
  /** The picture; it is loaded when there is work for it. */
  readonly picture: () => Promise<AnyRunPicture>;
}

/** The command that draws a picture of each layer's statistics again. */
export function sitePictureCommand(
  { options = {}, ...script }: Omit<SitePictureCommand, "options" | "run"> & {
    /** Options besides those of all. Default: none. */
    readonly options?: Options;
  },
): SitePictureCommand {
  const run = async (values: StatisticsValues & PictureValues, terminal: Terminal) => {
    const { writeSitePicture } = await import("../pictures/statistics_pictures.ts");
    const picture = await script.picture();
    const how = pictureOptions(values);
    const drawn = await eachMeasured(values, terminal, async (layer) => {
      for (
        const path of await writeSitePicture(values.output_dir, picture, { layer, options: how })
      ) {
        terminal.print(`wrote ${path}`);
      }
    });
    const { warnOfLackingLetters } = await import("../pictures/lacking_letters.ts");
    warnOfLackingLetters(drawn.map(({ record }) => record), terminal);
  };
  const all = { ...REGENERATE_OPTIONS, ...PLAIN_PICTURE_OPTIONS, ...options };
  return { ...script, options: all, run };
}

/** The command that draws a picture of the statistics of all layers again. */
export function runPictureCommand(
  script: Omit<RunPictureCommand, "options" | "run">,
): RunPictureCommand {
  const run = async (
    values: StatisticsValues & Omit<PictureValues, "colormap">,
    terminal: Terminal,
  ) => {
    const { writeRunPicture } = await import("../pictures/statistics_pictures.ts");
    const { warnOfLackingLetters } = await import("../pictures/lacking_letters.ts");
    const { seesOnlyLength } = await import("../results/sees_only_length.ts");
    const picture = await script.picture();
    const found = await eachMeasured(
      values,
      terminal,
      (layer) => {
        const isControl = seesOnlyLength(layer.record, layer.site);
        return Promise.resolve({ isControl, kept: picture.keep(layer) });
      },
    );
    const layers = found.map(({ record, made }) => ({ record, ...made }));
    const options = pictureOptions({ ...values, colormap: undefined });
    const paths = await writeRunPicture(values.output_dir, picture, { layers, options });
    for (const path of paths) terminal.print(`wrote ${path}`);
    warnOfLackingLetters(found.map(({ record }) => record), terminal);
  };
  return { ...script, options: { ...REGENERATE_OPTIONS, ...PLAIN_PICTURE_OPTIONS }, run };
}

/**
 * Does something with the statistics of each layer that was chosen; q is over all layers that were
 * measured together, whichever are chosen.
 *
 * @returns What was made of each.
 * @throws {InputError} If a layer was not measured with the others, or a file is damaged.
 */
async function eachMeasured<T>(
  values: StatisticsValues,
  terminal: Terminal,
  make: (layer: MeasuredLayer) => Promise<T>,
): Promise<{ record: MeasuredLayer["record"]; made: T }[]> {
  const { readMeasured } = await import("../pictures/statistics_pictures.ts");
  const { measuredLayers } = await import("../results/measured_layers.ts");
  using _lock = await lockResults(values, terminal);
  const chosen = await chosenLayers(values, terminal);
  const measured = await measuredLayers(values.output_dir);
  const isAll = values.layers === "all" && values.sites === undefined;
  if (measured.damage !== undefined) {
    const { problem, layers } = measured.damage;
    throw new InputError(
      `${values.output_dir}: q is over all layers together, and ${problem}`,
      { advice: { kind: "analyze", outputDirectory: values.output_dir, layers } },
    );
  }
  const lacking = chosen.filter((layer) => !measured.layers.includes(layer));
  if (measured.layers.length === 0 || (lacking.length > 0 && !isAll)) {
    const which = layersText(lacking.length > 0 ? lacking : chosen);
    throw new InputError(
      `${values.output_dir} holds no statistics of ${which}, or they are of other numbers; analyze ` +
        "makes them unless it is asked not to",
      { advice: { kind: "analyze", outputDirectory: values.output_dir, layers: lacking } },
    );
  }
  if (lacking.length > 0) {
    terminal.note(
      `${layersText(lacking)} ${
        lacking.length === 1 ? "is" : "are"
      } left out: q is over the layers that ` +
        `were measured together, ${layersText(measured.layers)}`,
    );
  }
  const found = [];
  for await (const layer of readMeasured(values.output_dir, measured)) {
    if (!chosen.includes(layer.record.layer)) continue;
    found.push({ record: layer.record, made: await make(layer) });
  }
  return found;
}
