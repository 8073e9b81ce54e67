/**
 * Which results on disk are used again instead of being computed. It is asked of all layers before
 * the language model runs, for it runs once, and only if a layer needs it.
 *
 * @module
 */
import { basename } from "node:path";
import type { AnalysisPlan } from "./plan/plan.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { hashFile } from "../files/hash_file.ts";
import { isFileThere } from "../files/look.ts";
import { ReadingThreads } from "../reading/reading_threads.ts";
import { recordsOf } from "./provenance.ts";
import { mapInOrder } from "../base/map_in_order.ts";
import { isMadeOf } from "../results/artifact.ts";
import { activationSums } from "../results/artifacts/activation_sums.ts";
import { NUMBERS } from "../results/artifacts/all.ts";
import { layerPath, layersOnDisk } from "../results/file_names.ts";
import { changesBetween } from "../results/changes_between.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import { selectivityProblem } from "../results/read_selectivity.ts";
import { type LayerName, layersText, numbersOf } from "../results/layer_name.ts";
import type { LayerRecord } from "../results/layer_record.ts";

/**
 * The layers of a plan of which a directory holds, undamaged, the very numbers that the analysis
 * would give: same inputs, options, versions and device.
 *
 * @param observer Told which layers these are, and why others that are there are computed again.
 * @param options Whether the statistics of each feature must be there, too; default: no. Who reads the
 * SAEs; default: threads of its own.
 * @throws {InputError} If an SAE is damaged, or the directory cannot be listed.
 */
export async function reusableLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  directory: string,
  observer: Observer = SILENT,
  { statistics = false, reading }: {
    statistics?: boolean | undefined;
    reading?: ReadingThreads | undefined;
  } = {},
): Promise<Set<LayerName>> {
  using own = reading === undefined ? new ReadingThreads() : undefined;
  const recordOf = recordsOf(plan, device);
  const there = await layersOnDisk(directory);
  const reusable = new Set<LayerName>();
  const computedAgain = new Map<string, LayerName[]>();
  const threads = (reading ?? own)!;
  const asked = plan.checkpoints.filter(({ layer }) => there.includes(layer));
  const identities = mapInOrder(asked, threads.ahead, async (planned) => {
    return { planned, identity: await planned.identify(threads) };
  });
  for await (const { planned, identity } of identities) {
    const { layer } = planned;
    const reasons = await reasonsToCompute(directory, await recordOf(planned, identity));
    const lack = statistics && reasons.length === 0
      ? await selectivityProblem(directory, layer, { nulls: true })
      : undefined;
    if (lack !== undefined) reasons.push(lack);
    if (reasons.length === 0) reusable.add(layer);
    else computedAgain.getOrInsert(reasons.join("; "), []).push(layer);
  }
  note(reusable, computedAgain, observer);
  for (const layer of reusable) observer.done(directory, numbersOf(layer));
  return reusable;
}

/**
 * Why the numbers of a layer that a directory holds are not those, undamaged, that an analysis
 * would give.
 *
 * @param expected What they would be made of.
 * @returns The reasons, in phrases; none if they are those.
 */
async function reasonsToCompute(
  directory: string,
  expected: LayerRecord,
): Promise<string[]> {
  try {
    const found = await readLayerRecord(directory, expected.layer);
    const changes = changesBetween(found, expected);
    return changes.length > 0 ? changes : await damagesOf(directory, found);
  } catch (error) {
    if (error instanceof InputError) return [messageOf(error)]; // it is made again
    throw error;
  }
}

/** What is wrong with the files that a record vouches for. */
async function damagesOf(directory: string, record: LayerRecord): Promise<string[]> {
  const { layer, files_sha256 = {} } = record;
  const numbers = NUMBERS.filter((each) => isMadeOf(each, record));
  for (const { file } of [...numbers, activationSums]) {
    const path = layerPath(directory, layer, file);
    // Results of earlier versions have no sums, and nothing that is shown needs them.
    if (file === activationSums.file && !(basename(path) in files_sha256)) continue;
    if (!await isFileThere(path)) return [`${path} is missing`];
    if (await hashFile(path) !== files_sha256[basename(path)]) {
      return [`${path} is not as it was written`];
    }
  }
  return [];
}

function note(
  reusable: ReadonlySet<LayerName>,
  computedAgain: ReadonlyMap<string, readonly LayerName[]>,
  observer: Observer,
): void {
  for (const [reason, layers] of computedAgain) {
    const are = layers.length === 1 ? "is" : "are";
    observer.note(`${layersText(layers)} ${are} computed again: ${reason}`);
  }
  if (reusable.size === 0) return;
  observer.note(
    `${
      layersText([...reusable])
    }: the results are there already, of the same inputs and options, and ` +
      "are not computed again",
    { kind: "force" },
  );
}
