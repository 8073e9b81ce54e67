/**
 * Reads what a verdict is made of, one site after the other, so that one is in memory at a time.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { basename } from "node:path";
import { activationMatrix } from "../results/artifacts/activation_matrix.ts";
import { layerPath } from "../results/file_names.ts";
import { seesOnlyLength } from "../results/sees_only_length.ts";
import { checkSameAnalysis } from "../results/same_analysis.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { readQualified } from "../results/selectivity_table.ts";
import { positionOf } from "../results/where_read.ts";
import { halvesOf, partOf, questionsOf } from "./questions.ts";
import type { Site } from "./site.ts";
import { type Asked, findAt, type SiteFindings } from "./site_findings.ts";
import { conclude, type Verdict } from "./verdict.ts";

/** How often labels are permuted, if nothing else is said. */
export const PERMUTATIONS = 999;

/**
 * The answers to the guide's questions from what is on disk.
 *
 * @param layers The layers, in the order of the forward pass, at least one.
 * @param options How often labels are permuted, and who listens.
 * @throws {InputError} If a layer lacks its statistics, a file is damaged, or the layers are not of one
 * analysis.
 */
export async function verdictOf(
  directory: string,
  layers: readonly LayerName[],
  { permutations = PERMUTATIONS, observer = SILENT }: {
    permutations?: number | undefined;
    observer?: Observer | undefined;
  } = {},
): Promise<Verdict> {
  const records: LayerRecord[] = [];
  for (const layer of layers) records.push(await readLayerRecord(directory, layer));
  checkSameAnalysis(directory, records);
  const sites: SiteFindings[] = [];
  const notes = new Set<string>();
  let asked: Asked | undefined;
  let first: Int32Array | undefined;
  let tests = 0;
  const madeOf: Record<string, string> = {};
  observer.phase("verdict", layers.length, "layers");
  for await (const found of readQualified(directory, layers)) {
    if (first !== undefined && first.some((value, i) => value !== found.questions[i])) {
      throw new InputError(
        `${directory}: ${layerText(layers[0]!)} and ${layerText(found.layer)} were analysed with ` +
          "different persons, wordings or lengths; analyse them again together",
      );
    }
    first ??= found.questions;
    if (asked === undefined) {
      const questions = questionsOf(found);
      asked = { questions, all: partOf(questions), halves: halvesOf(questions), permutations };
    }
    const record = records.find(({ layer }) => layer === found.layer)!;
    const hasSlots = record.sae === "supervised";
    const site: Site = {
      layer: found.layer,
      found,
      freeCount: record.freeCount,
      slots: hasSlots ? found.record.groups.map(({ index }) => index) : [],
      slotCount: hasSlots ? record.slotCount : 0,
      position: positionOf(record),
      isControl: seesOnlyLength(record, found),
    };
    sites.push(findAt(site, asked));
    const matrix = basename(layerPath(directory, found.layer, activationMatrix.file));
    madeOf[found.layer] = record.files_sha256![matrix]!;
    tests += found.log10Q.reduce((sum, q) => sum + Number(!Number.isNaN(q)), 0);
    for (const note of found.record.notes) notes.add(note);
    observer.progress(sites.length);
  }
  const position = positionOf(records[0]!); // of one analysis, thus that of all
  return conclude(sites, asked!, { tests, notes: [...notes], madeOf, position });
}
