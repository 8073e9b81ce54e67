/**
 * Two runs compared, from what is on disk.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { labelledSite, type LayerName, layerText } from "../results/layer_name.ts";
import { checkSameAnalysis } from "../results/same_analysis.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import { COMPARED, type Compared, type ComparedPair, compareSites } from "./run_comparison.ts";
import type { ComparedSite } from "./compared_side.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { readSelectivity, readSelectivityRecord } from "../results/read_selectivity.ts";
import { remade } from "../results/remade.ts";
import { seesOnlyLength } from "../results/sees_only_length.ts";
import { positionOf } from "../results/where_read.ts";
import {
  type ComparedWordings,
  type ComparisonNotes,
  comparisonNotes,
  mergedNotes,
  settingNotes,
  wordingNotes,
  wordingsOf,
} from "./comparison_notes.ts";

/** What was found of one layer. */
export interface LayerComparison {
  /** The layer. */
  readonly layer: LayerName;
  /** The site, as `pre 6`, with what tells its SAE from others there. */
  readonly site: string;
  /** The records of both: what they were made of. */
  readonly records: readonly [LayerRecord, LayerRecord];
  /** The SHA-256 of both activation matrices: they tell these numbers from those of a later analysis. */
  readonly madeOf: readonly [string, string];
  /** Whether it sees only how long a question is, in both runs. */
  readonly isControl: boolean;
  /** The pairs of slots, and of features; those of slots are missing where neither run has any. */
  readonly pairs: Readonly<Partial<Record<Compared, readonly ComparedPair[]>>>;
}

/** Two runs compared. */
export interface RunComparison {
  /** The records of a layer of each: what the runs were made of. */
  readonly records: readonly [LayerRecord, LayerRecord];
  /** How many persons each run asked about, and how many are in both; null where not known. */
  readonly persons: {
    readonly a: number | null;
    readonly b: number | null;
    readonly shared: number | null;
  };
  /** The layers. */
  readonly layers: readonly LayerComparison[];
  /** What a reader of the numbers has to know. */
  readonly notes: ComparisonNotes;
}

/**
 * Compares two runs of the same relations at the same layers. Differences of persons who are in both
 * are paired.
 *
 * @param layers The layers, ascending, at least one; both directories hold them.
 * @throws {InputError} If a layer has no statistics, a file is damaged, the relations are others, or the
 * layers of a run are not of one analysis.
 */
export async function compareRuns(
  a: string,
  b: string,
  layers: readonly LayerName[],
): Promise<RunComparison> {
  const compared: LayerComparison[] = [];
  let records: RunComparison["records"] | undefined;
  let persons: RunComparison["persons"] | undefined;
  const notes: { layer: LayerName; notes: ComparisonNotes }[] = [];
  let wordings: ComparedWordings | undefined;
  for (const layer of layers) {
    const [first, second] = [await siteIn(a, layer), await siteIn(b, layer)];
    checkRelations([a, first], [b, second]);
    const pairs = COMPARED.map((what) => [what, compareSites(first, second, what)] as const)
      .filter(([, found]) => found !== undefined);
    const site = labelledSite(first.selectivity.record.site, layer);
    const madeOf = [first.madeOf, second.madeOf] as const;
    const both = [first.record, second.record] as const;
    const isControl = [first, second].every((each) =>
      seesOnlyLength(each.record, each.selectivity)
    );
    compared.push({
      layer,
      site,
      records: both,
      madeOf,
      isControl,
      pairs: Object.fromEntries(pairs),
    });
    records ??= both;
    persons ??= personsOf(first, second);
    wordings ??= wordingsOf(first, second);
    notes.push({ layer, notes: comparisonNotes(first, second, persons) });
  }
  const all = compared.flatMap(({ pairs }) => Object.values(pairs).flat());
  [a, b].forEach((directory, i) =>
    checkSameAnalysis(directory, compared.map((layer) => layer.records[i]!))
  );
  const merged = mergedNotes(notes);
  return {
    records: records!,
    persons: persons!,
    layers: compared,
    notes: {
      ...merged,
      both: [...settingNotes(...records!), ...merged.both, ...wordingNotes(wordings!, all)],
    },
  };
}

async function siteIn(
  directory: string,
  layer: LayerName,
): Promise<ComparedSite & { record: LayerRecord; madeOf: string }> {
  const record = await readLayerRecord(directory, layer);
  const measured = await readSelectivityRecord(directory, layer);
  if (measured === undefined || measured.person_names === undefined) {
    throw remade(
      measured === undefined
        ? `${layerText(layer)} in ${directory} lacks the statistics of each feature`
        : `the statistics of ${
          layerText(layer)
        } in ${directory} do not name the persons: an earlier ` +
          "version made them",
      directory,
      layer,
    );
  }
  return {
    record,
    madeOf: measured.activation_matrix_sha256,
    selectivity: await readSelectivity(directory, layer, measured),
    freeCount: record.freeCount,
    position: positionOf(record),
    sae: record.checkpoint.encoder_sha256,
    questionFile: record.provenance.input_sha256[String(record.provenance.options.qa_file)],
  };
}

/** Both runs have to be of the same relations. */
function checkRelations(
  [a, first]: readonly [string, ComparedSite],
  [b, second]: readonly [string, ComparedSite],
): void {
  const keys = [first, second].map(({ selectivity }) =>
    new Set(selectivity.record.groups.map(({ key }) => key))
  );
  const only = [keys[0]!.difference(keys[1]!), keys[1]!.difference(keys[0]!)];
  if (only.every(({ size }) => size === 0)) return;
  const said = only.flatMap((set, i) =>
    set.size === 0 ? [] : [`only ${[a, b][i]} has ${[...set].join(", ")}`]
  );
  throw new InputError(
    `${a} and ${b} are of different relations: ${said.join("; ")}; analyse both with the same ones`,
  );
}

function personsOf(first: ComparedSite, second: ComparedSite): RunComparison["persons"] {
  const [a, b] = [first, second].map(({ selectivity }) => selectivity.record.person_names ?? null);
  return {
    a: a?.length ?? null,
    b: b?.length ?? null,
    shared: a && b ? new Set(a).intersection(new Set(b)).size : null,
  };
}
