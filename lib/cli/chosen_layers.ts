/**
 * The options of the commands that make something again from what is on disk, and the layers that they
 * choose.
 *
 * @module
 */
import { join } from "node:path";
import { commandLine } from "./invocation.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { namesSite, type SiteList, siteListText } from "../lm/site_list.ts";
import { absent, isDirectoryThere } from "../files/look.ts";
import { layerPath, layersOnDisk, strayLayers } from "../results/file_names.ts";
import { type LayerName, layersText, layerText, siteOfName } from "../results/layer_name.ts";
import { InputError, UsageError } from "../base/errors.ts";
import type { Option } from "./command.ts";
import { DEFAULT_OUTPUT_DIRECTORY, outputOption, waitOption } from "./options.ts";
import { layersOption, sitesOption } from "./layer_options.ts";

/** How many directories are named at most where one has to be chosen. */
const MOST_NAMED = 5;

/** The options of every script that makes one class of artifact from what is on disk. */
export const REGENERATE_OPTIONS: {
  readonly output_dir: Option<string>;
  readonly layers: Option<"all" | number[]>;
  readonly sites: Option<SiteList | undefined>;
  readonly wait: Option<boolean>;
} = {
  output_dir: outputOption(
    "the directory with the results of an analysis; the files are written there",
    DEFAULT_OUTPUT_DIRECTORY,
  ),
  layers: layersOption("the layers, such as 0,3,6-8; all takes every layer that was analysed"),
  sites: sitesOption("the sites instead, such as pre:0-6,post:12,final"),
  wait: waitOption(),
};

/**
 * The layers that a regenerating script is to work on.
 *
 * @throws {InputError} If `all` are wanted, or sites, and the directory holds no analysis of any; or if it is not
 * there, or holds none while one below it does.
 */
export async function chosenLayers(
  { output_dir, layers, sites, option = "--output_dir" }: {
    output_dir: string;
    layers: "all" | number[];
    sites?: SiteList | undefined;
    /** The option that names the directory. Default: `--output_dir`. */
    option?: string;
  },
  observer: Observer = SILENT,
): Promise<LayerName[]> {
  if (sites !== undefined) return await layersAt({ output_dir, option }, sites, layers);
  // What a layer that is asked for lacks is said by whoever reads it, if this is the directory that is meant.
  if (layers !== "all" && await isDirectoryThere(output_dir)) {
    const isMeant = (await layersOnDisk(output_dir)).length > 0 ||
      (await analysesBelow(output_dir)).length === 0;
    if (isMeant) return layers;
    throw await noAnalysis({ output_dir, option });
  }
  for (const layer of await strayLayers(output_dir)) {
    const record = layerPath(output_dir, layer, "analysis.json");
    observer.warn(`${layerText(layer)} is left out: ${record} is missing; analyse it again`);
  }
  const found = await layersOnDisk(output_dir);
  if (found.length > 0) return found;
  throw await noAnalysis({ output_dir, option });
}

/** A directory with results, and the option that names it. */
interface NamedDirectory {
  readonly output_dir: string;
  readonly option: string;
}

/** A directory is not there, or holds no analysis: perhaps one below it does. */
async function noAnalysis({ output_dir, option }: NamedDirectory): Promise<InputError> {
  const command = commandLine("analyze", "--output_dir", output_dir);
  if (!await isDirectoryThere(output_dir)) {
    return new InputError(`${absent(output_dir)}; make an analysis with: ${command}`);
  }
  const below = await analysesBelow(output_dir);
  return new InputError(
    below.length > 0
      ? `${output_dir} holds no analysis itself; name one below it with ${option}: ` +
        below.slice(0, MOST_NAMED).join(", ")
      : `${output_dir} holds no analysis; make one with: ${command}`,
  );
}

/** The layers at sites that are named, all of an SAE that were analysed. */
async function layersAt(
  { output_dir, option }: NamedDirectory,
  sites: SiteList,
  layers: "all" | number[],
): Promise<LayerName[]> {
  if (layers !== "all") {
    throw new UsageError("--layers and --sites exclude each other: layer 6 is the site pre:6");
  }
  const there = await layersOnDisk(output_dir);
  if (there.length === 0) throw await noAnalysis({ output_dir, option });
  const found = there.filter((layer) => namesSite(sites, siteOfName(layer)));
  if (found.length > 0) return found;
  throw new InputError(
    `${output_dir} holds no analysis of ${siteListText(sites)}; it holds ${layersText(there)}`,
  );
}

/** The directories in a directory that hold analyses, as those of the demo do. */
async function analysesBelow(directory: string): Promise<string[]> {
  const below: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      const path = join(directory, name);
      if (isDirectory && (await layersOnDisk(path)).length > 0) below.push(path);
    }
  } catch {
    return []; // it is only a hint
  }
  return below.sort();
}
