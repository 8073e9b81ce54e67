/**
 * The options that several scripts share, and how their values are read.
 *
 * @module
 */
import { join, normalize } from "node:path";
import { z } from "zod";
import { DEVICE_REQUESTS, type DeviceRequest } from "../compute/device.ts";
import { commandLine } from "./invocation.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { BLOCK_POINTS, parseSite, type Site } from "../lm/site.ts";
import { namesSite, parseSiteList, type SiteList, siteListText } from "../lm/site_list.ts";
import { layerPath, layersOnDisk, strayLayers } from "../results/file_names.ts";
import { type LayerName, layersText, layerText, siteOfName } from "../results/layer_name.ts";
import { InputError, UsageError } from "../base/errors.ts";
import type { Option } from "./command.ts";

/** The directory for results where none is named: the guide's. */
export const DEFAULT_OUTPUT_DIRECTORY = "results/feature_coactivation_analysis";

const pathSchema = z.string({ error: "expected a path" }).min(1, "expected a path");

/** How many directories are named at most where one has to be chosen. */
const MOST_NAMED = 5;

/** A path. */
export function pathOption(placeholder: string, about: string, value: string): Option<string> {
  return { placeholder, about, default: value, schema: pathSchema };
}

/** A path that has to be given. */
export function givenPathOption(placeholder: string, about: string): Option<string> {
  const schema = z.string({ error: "it is missing; name a path" }).min(1, "expected a path");
  return { placeholder, about, schema };
}

/** A path that may be given. */
export function optionalPathOption(placeholder: string, about: string): Option<string | undefined> {
  return { placeholder, about, schema: pathSchema.optional() };
}

/** A site that may be given. */
export function siteOption(about: string): Option<Site | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const site = parseSite(text);
    if (site !== undefined) return site;
    const message = `expected a site such as ${
      BLOCK_POINTS.map((point) => `${point}:6`).join(", ")
    }`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return { placeholder: "SITE", about, schema };
}

/** A text that may be given. */
export function textOption(placeholder: string, about: string): Option<string | undefined> {
  return { placeholder, about, schema: z.string().min(1, "expected some text").optional() };
}

/** A directory that a command makes and writes to, and that has to be given. */
export function givenOutputOption(about: string): Option<string> {
  const { placeholder, schema } = outputOption(about, ".");
  return { placeholder: placeholder!, about, isWritten: true, schema };
}

/**
 * The directory that a command writes to, and the only one. Deno takes `a/../b` for `b` even where
 * `a` is a link to elsewhere, and so the path is `b` from here on: what is printed is where it is.
 */
export function outputOption(about: string, value: string): Option<string> {
  const schema = pathSchema.transform((path) =>
    path.split(/[/\\]/).includes("..") ? normalize(path) : path
  );
  return { ...pathOption("DIR", about, value), isWritten: true, schema };
}

const countSchema = z.string().regex(/^0*[1-9]\d{0,8}$/, "expected a whole number of at least 1")
  .transform(Number);

/** A whole number of at least 1. */
export function countOption(about: string, value: number): Option<number> {
  return { placeholder: "N", about, default: String(value), schema: countSchema };
}

/** The same, undefined if it is not given. */
export function optionalCountOption(about: string): Option<number | undefined> {
  return { placeholder: "N", about, schema: countSchema.optional() };
}

/** A switch: off unless it is given. */
export function switchOption(about: string): Option<boolean> {
  return { about, schema: z.boolean().default(false) };
}

/** Any finite number. */
export function numberOption(about: string, value: number): Option<number> {
  const schema = z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "expected a number")
    .transform(Number).refine(Number.isFinite, "expected a finite number");
  return { placeholder: "X", about, default: String(value), schema };
}

/** Layers: `all`, or a list of numbers and ranges. */
export function layersOption(about: string): Option<"all" | number[]> {
  const schema = z.string().transform((text, context) => {
    const layers = parseLayers(text);
    if (layers !== undefined) return layers;
    const message = `expected all, or a list such as 0,3,6-8${backwards(text) ?? ""}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return { placeholder: "LIST", about, default: "all", schema };
}

/**
 * Reads a list of layers such as `0,3,6-8`.
 *
 * @returns The layers in ascending order, each once; undefined if the text is no such list.
 */
export function parseLayers(text: string): "all" | number[] | undefined {
  if (text.trim() === "all") return "all";
  const ranges = text.split(",").map(parseRange);
  if (ranges.includes(undefined)) return undefined;
  return [...new Set(ranges.flatMap((range) => range!))].sort((a, b) => a - b);
}

/** Reads a number or a range such as `6-8`; numbers have up to three digits. */
function parseRange(text: string): number[] | undefined {
  const [, first, last = first] = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(text) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (first === undefined || end < start) return undefined;
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}

/** What to say of the first range of a list that runs backwards, if one does. */
function backwards(text: string): string | undefined {
  for (const item of text.split(",")) {
    const [, first, last] = /^\s*(\d{1,3})\s*-\s*(\d{1,3})\s*$/.exec(item) ?? [];
    if (Number(last) < Number(first)) {
      return `; ${first}-${last} runs backwards, did you mean ${last}-${first}?`;
    }
  }
  return undefined;
}

/** Sites: `all`, or a list of points and blocks; undefined if none are named. */
export function sitesOption(about: string): Option<SiteList | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const { list, problem } = parseSiteList(text);
    if (list !== undefined) return list;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  });
  return { placeholder: "LIST", about, schema };
}

/** Where to compute. */
export function deviceOption(): Option<DeviceRequest> {
  const schema = z.enum(DEVICE_REQUESTS, {
    error: `expected one of ${DEVICE_REQUESTS.join(", ")}`,
  });
  return {
    placeholder: DEVICE_REQUESTS.join("|"),
    values: DEVICE_REQUESTS,
    about:
      "where to compute; auto takes a hardware GPU if the job is done sooner there, then native code, then wasm",
    default: "auto",
    schema,
  };
}

/** In which form besides Parquet a table is written. */
export function tableOption(): Option<"csv" | undefined> {
  return {
    placeholder: "csv",
    values: ["csv"],
    about: "write the listed rows of the table of features in this form, too: selectivity.csv",
    schema: z.enum(["csv"], { error: "expected csv" }).optional(),
  };
}

/** The units of an amount of memory, in bytes. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** How much memory the language model may take, in bytes. */
export function maxMemoryOption(): Option<number | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const [, count, unit = ""] = /^\s*(\d+\.?\d*|\.\d+)\s*([kmgt]i?)?b?\s*$/i.exec(text) ?? [];
    const bytes = Math.floor(Number(count) * UNITS[unit.toLowerCase()]!);
    if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
    const message = "expected an amount of memory, such as 3GB or 2500MiB";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return {
    placeholder: "SIZE",
    about:
      "how much memory the language model may take, such as 3GB; where its weights would take " +
      "more, its blocks run one after the other (default: three quarters of what is free)",
    schema,
  };
}

/** Relations by key or number; `name=3` is the one with the key 3. */
export function relationsOption(): Option<(string | number)[] | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined || text.trim() === "all") return undefined;
    const items = text.split(",").map((item) => item.trim());
    const problem = items.includes("") ? "" : backwards(text);
    if (problem === undefined) {
      return items.flatMap((item): (string | number)[] => {
        return parseRange(item) ?? [item.replace(/^name=/, "")];
      });
    }
    const message = `expected a list such as birth_date,2-4${problem}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return {
    placeholder: "LIST",
    about: "the relations to analyse, by key or number, such as birth_date,2-4 (default: all)",
    schema,
  };
}

/** Whether to wait for another run. */
export function waitOption(): Option<boolean> {
  return switchOption("wait for another run that writes to the same directory, instead of failing");
}

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
 * @throws {InputError} If `all` are wanted and the directory holds no analysis.
 */
export async function chosenLayers(
  { output_dir, layers, sites }: {
    output_dir: string;
    layers: "all" | number[];
    sites?: SiteList | undefined;
  },
  observer: Observer = SILENT,
): Promise<LayerName[]> {
  if (sites !== undefined) return await layersAt(output_dir, sites, layers);
  if (layers !== "all") return layers;
  for (const layer of await strayLayers(output_dir)) {
    const record = layerPath(output_dir, layer, "analysis.json");
    observer.warn(`${layerText(layer)} is left out: ${record} is missing; analyse it again`);
  }
  const found = await layersOnDisk(output_dir);
  if (found.length > 0) return found;
  const below = await analysesBelow(output_dir);
  throw new InputError(
    below.length > 0
      ? `${output_dir} holds no analysis itself; name one below it with --output_dir: ` +
        below.slice(0, MOST_NAMED).join(", ")
      : `${output_dir} holds no analysis; make one with: ` +
        commandLine("analyze", "--output_dir", output_dir),
  );
}

/** The layers at sites that are named, all of an SAE that were analysed. */
async function layersAt(
  output_dir: string,
  sites: SiteList,
  layers: "all" | number[],
): Promise<LayerName[]> {
  if (layers !== "all") {
    throw new UsageError("--layers and --sites exclude each other: layer 6 is the site pre:6");
  }
  const there = await layersOnDisk(output_dir);
  const found = there.filter((layer) => namesSite(sites, siteOfName(layer)));
  if (found.length > 0) return found;
  const analysed = there.length === 0 ? "no site" : layersText(there);
  throw new InputError(
    `${output_dir} holds no analysis of ${siteListText(sites)}; it holds ${analysed}`,
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
