/**
 * The files of a comparison of two runs: `compare.json`, `compare.md` and the pictures.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import { visibleText } from "../base/visible_text.ts";
import { jsonText } from "../files/json_writer.ts";
import { namesIn } from "../files/look.ts";
import { prepareDirectory } from "../files/output_directory.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import { summaryCaption } from "../pictures/caption.ts";
import { type PictureOptions, writeFigure } from "../pictures/figure_files.ts";
import { layerAxis } from "../pictures/layer_axis.ts";
import { rowNames } from "../pictures/relation_names.ts";
import { PICTURE_FORMATS } from "../plot/names.ts";
import { runComparison } from "./comparison_picture.ts";
import { unitsOf } from "./comparison_notes.ts";
import { comparisonText } from "./comparison_text.ts";
import type { LayerName } from "../results/layer_name.ts";
import { COMPARED, type ComparedPair } from "./run_comparison.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { LayerComparison, RunComparison } from "./compare_runs.ts";

/** The resolution of the pictures, in pixels an inch. */
const DPI = 150;

/**
 * Writes a comparison; the directory is made if it does not exist. Pictures of an earlier comparison are
 * drawn again, and one that there is nothing to draw of any more is removed.
 *
 * @param directories Those of the two runs.
 * @returns The paths written, and those of pictures that were removed.
 * @throws {InputError} If a file cannot be written, or removed.
 */
export async function writeRunComparison(
  directory: string,
  comparison: RunComparison,
  { directories, pictures }: {
    directories: readonly [string, string];
    pictures: PictureOptions;
  },
): Promise<{ paths: string[]; removed: string[] }> {
  using _directory = await prepareDirectory(directory);
  const { records, persons, layers, notes } = comparison;
  const labels = new Map(records[0].relations.map(({ key, label }) => [key, label]));
  const controls = controlsOf(layers);
  const paths = [`${directory}/compare.json`, `${directory}/compare.md`];
  {
    await using staging = new Staging();
    await staging.add(paths[0]!, jsonText(jsonOf(comparison, directories)));
    await staging.add(
      paths[1]!,
      comparisonText({
        directories,
        labels,
        layers,
        notes: Object.values(notes).flat(),
        controls,
        units: unitsOf(persons.a, persons.b),
      }),
    );
    await staging.commit();
  }
  const removed: string[] = [];
  const there = await namesIn(directory);
  for (const what of COMPARED) {
    const path = (format: string) => `${directory}/compare_${what}.${format}`;
    const earlier = PICTURE_FORMATS.filter((format) => there.includes(basename(path(format))));
    // Layers of which neither run has slots are left out of that picture; a note names them.
    const drawn = layers.filter(({ pairs }) => pairs[what] !== undefined);
    if (drawn.length === 0) {
      for (const gone of earlier.map(path)) {
        await removeFile(gone);
        removed.push(gone);
      }
      continue;
    }
    const figure = runComparison({
      what,
      names: namesOf(directories),
      ...layerAxis(drawn.map(({ layer }) => layer)),
      units: unitsOf(persons.a, persons.b),
      hasControl: controlsOf(drawn).length > 0,
      relations: rowNames(records[0].relations),
      pairs: drawn.map(({ pairs }) => pairs[what]!),
      caption: [...captionOf(drawn), ...notes.both, ...notes[what]],
    });
    const { formats = ["png"] } = pictures;
    const options = { ...pictures, formats: [...new Set([...formats, ...earlier])] };
    paths.push(...await writeFigure(figure, { options, dpi: DPI, path }));
  }
  return { paths, removed };
}

/** The layers that see only how long a question is, in both runs. */
export function controlsOf(
  layers: readonly Pick<LayerComparison, "layer" | "isControl">[],
): LayerName[] {
  return layers.filter(({ isControl }) => isControl).map(({ layer }) => layer);
}

/** Short names of two directories that differ. */
function namesOf(directories: readonly [string, string]): [string, string] {
  const names = directories.map((path) => visibleText(basename(resolve(path))));
  const isSame = names[0] === names[1];
  return directories.map((path, i) => isSame ? visibleText(path) : names[i]!) as [string, string];
}

/** What each run was made of: the SAEs of all layers. */
export function captionOf(layers: readonly Pick<LayerComparison, "records">[]): string[] {
  return [..."AB"].map((run, i) => {
    const records = layers.map((layer) => layer.records[i]!);
    return `${run}: ${summaryCaption(records[0]!, records).slice(0, -1).join(", ")}`;
  });
}

/** What stands in `compare.json`; a value that does not exist is null. */
function jsonOf(
  { records, persons, layers, notes }: RunComparison,
  directories: readonly [string, string],
): unknown {
  const [a, b] = records.map((record, i) => madeOf(record, directories[i]!));
  return {
    a,
    b,
    persons,
    notes: Object.values(notes).flat(),
    layers: layers.map(({ layer, site, madeOf, pairs }) => ({
      layer,
      site,
      made_of: { a: madeOf[0], b: madeOf[1] },
      ...Object.fromEntries(
        Object.entries(pairs).map(([what, found]) => [
          what,
          found.map((pair) => jsonOfPair(pair, persons)),
        ]),
      ),
    })),
  };
}

function madeOf({ provenance, sae }: LayerRecord, directory: string): Record<string, unknown> {
  const { lm_model = null, qa_file = null } = provenance.options;
  return { directory, lm_model, qa_file, sae };
}

function jsonOfPair(pair: ComparedPair, persons: RunComparison["persons"]): unknown {
  const { relation, a, b, difference, interval, reason } = pair;
  const over = (
    { interval, isCrossed }: Pick<ComparedPair, "interval" | "isCrossed">,
    ...known: (number | null)[]
  ) => interval === null ? null : `${unitsOf(...known)}${isCrossed ? " and wordings" : ""}`;
  const side = (each: ComparedPair["a"], known: number | null) => ({
    feature: each.feature,
    auroc: each.auroc,
    auroc_low: each.interval?.[0] ?? null,
    auroc_high: each.interval?.[1] ?? null,
    interval_over: over(each, known),
    reason: each.reason,
    // The mean over relations has no wordings.
    ...(relation !== null && {
      auroc_by_wording: each.byWording,
      do_wordings_agree: each.doAgree,
    }),
  });
  return {
    relation,
    a: side(a, persons.a),
    b: side(b, persons.b),
    difference,
    difference_low: interval?.[0] ?? null,
    difference_high: interval?.[1] ?? null,
    interval_over: over(pair, persons.a, persons.b),
    reason,
  };
}
