/**
 * What the scripts have in common that make one class of artifact from what is on disk.
 *
 * @module
 */
import { mapInOrder } from "../base/map_in_order.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import type { Discoveries } from "../pictures/layer_picture.ts";
import type { Recipe } from "../pictures/recipe.ts";
import type { SiteList } from "../lm/site_list.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import type { Artifact, TableArtifact } from "../results/artifact.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { Command, Options, Values } from "./command.ts";
import { lockResults } from "./lock_results.ts";
import { chosenLayers, REGENERATE_OPTIONS } from "./chosen_layers.ts";
import { PICTURE_OPTIONS, pictureOptions, type PictureValues } from "./picture_options.ts";
import type { Terminal } from "./terminal.ts";

/** A command that makes an artifact of each layer again. */
export interface ArtifactCommand<A extends Artifact = Artifact> extends Command {
  /** The artifact; it is loaded when there is work for it. */
  readonly artifact: () => Promise<A>;
}

/** What a script has to say of its command and its artifact. */
export type ArtifactScript<A extends Artifact> = Omit<ArtifactCommand<A>, "options" | "run">;

/** The command that makes a table again. */
// deno-lint-ignore no-explicit-any -- any table, whichever array it is made of
export function tableCommand<A extends TableArtifact<any, unknown>>(
  script: ArtifactScript<A>,
): ArtifactCommand<A> {
  const run = async (values: Values<typeof REGENERATE_OPTIONS>, terminal: Terminal) => {
    const { readLayerArray } = await import("../results/layer_result.ts");
    const { writeTable } = await import("../results/table_file.ts");
    const table = await script.artifact();
    await regenerate(values, terminal, async (directory, record) => {
      const array = await readLayerArray(directory, record, table.from);
      return await writeTable(directory, table, { record, [table.from]: array });
    });
  };
  return { ...script, options: REGENERATE_OPTIONS, run };
}

/** The command that draws a picture again. */
export function pictureCommand(
  { options = {}, ...script }: ArtifactScript<Recipe> & {
    /** The options that say what this picture shows. Default: none. */
    readonly options?: Options;
  },
): ArtifactCommand<Recipe> {
  const run = async (
    values: Values<typeof REGENERATE_OPTIONS> & PictureValues,
    terminal: Terminal,
  ) => {
    const { readLayerArray } = await import("../results/layer_result.ts");
    const { needsConsistency, writeLayerPicture } = await import("../pictures/layer_pictures.ts");
    const { warnOfLackingLetters } = await import("../pictures/lacking_letters.ts");
    const recipe = await script.artifact();
    const { readDiscoveries } = await import("../pictures/discoveries.ts");
    const how = { options: pictureOptions(values) };
    let found: Promise<Map<LayerName, Discoveries>> | undefined; // once, by the first layer
    const drawn: LayerRecord[] = [];
    await regenerate(values, terminal, async (directory, record) => {
      const matrix = await readLayerArray(directory, record, recipe.array);
      const consistency = needsConsistency(recipe, record)
        ? await readLayerArray(directory, record, "consistency")
        : undefined;
      drawn.push(record);
      if (recipe.marksDiscoveries) found ??= readDiscoveries(directory);
      const discoveries = (await found)?.get(record.layer);
      return await writeLayerPicture(directory, recipe, {
        record,
        matrix,
        consistency,
        discoveries,
        ...how,
      });
    });
    warnOfLackingLetters(drawn, terminal);
  };
  return { ...script, options: { ...REGENERATE_OPTIONS, ...options, ...PICTURE_OPTIONS }, run };
}

/** Makes an artifact of a layer; returns the paths written, none if the layer has none. */
export type MakeArtifact = (directory: string, record: LayerRecord) => Promise<string[]>;

/** The values of the options of a script that draws from what is on disk. */
export interface RedrawValues {
  /** The directory with the results. */
  output_dir: string;
  /** The layers. */
  layers: "all" | number[];
  /** The sites, instead of layers. */
  sites?: SiteList | undefined;
  /** Whether to wait for another run. */
  wait: boolean;
  /** How pictures are drawn. */
  pictures: PictureOptions;
}

/** How many layers are worked on at a time: files are read and written while a picture is drawn. */
const LAYERS_AT_ONCE = 2;

/**
 * Makes an artifact for each layer that was chosen, and says what was written.
 *
 * @throws {InputError} If a layer has not been analysed, or its files are damaged.
 */
export async function regenerate(
  values: Omit<RedrawValues, "pictures">,
  terminal: Terminal,
  make: MakeArtifact,
): Promise<void> {
  const { readLayerRecord } = await import("../results/layer_result.ts");
  using _lock = await lockResults(values, terminal);
  const layers = await chosenLayers(values, terminal); // another run may just have made some
  const records: LayerRecord[] = [];
  for (const layer of layers) records.push(await readLayerRecord(values.output_dir, layer));
  const made = mapInOrder(records, LAYERS_AT_ONCE, async (record) => {
    const start = performance.now();
    const paths = await make(values.output_dir, record);
    const size = `${record.relations.length} × ${record.freeCount + record.slotCount}`;
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    return paths.length === 0
      ? [`nothing of ${layerText(record.layer)}: its SAE is ${record.sae} and has no slots`]
      : paths.map((path) => `wrote ${path} (${size}, ${seconds} s)`);
  });
  for await (const lines of made) lines.forEach((line) => terminal.print(line));
}
