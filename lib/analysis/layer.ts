/**
 * The result of one site: read where it lies on disk already, or computed.
 *
 * @module
 */
import type { PlannedSae } from "./plan/planned_sae.ts";
import { beginNulls } from "./statistics/null_sets.ts";
import { refuseMisfits, warnOfMisfits } from "./sae_trial.ts";
import { layerText } from "../results/layer_name.ts";
import { type LayerResult, makeArrays, readLayerResult } from "../results/layer_result.ts";
import type { RunEncoder } from "./run_encoder.ts";
import type { RunResources } from "./run_resources.ts";
import { WatchedFeatures } from "./statistics/watched_features.ts";
import { timed } from "../base/work_log.ts";
import { mayBeNegative } from "../sae/activation.ts";
import { encodePooled } from "../sae/encode/encode_pooled.ts";
import type { EncodeInput } from "../sae/encode/encoder.ts";
import { copiedOnce } from "../files/rows.ts";
import { prepareRows } from "../sae/input.ts";
import { varianceOf } from "../sae/reconstruction.ts";

/** A site that the device has done its part for. */
export interface BegunLayer {
  /** The result, once it is checked; rejected with an {@linkcode InputError} if it is not right. */
  readonly result: Promise<LayerResult>;
}

/**
 * The result of one site, computed or read where it lies. The device is free for the next site when this
 * has begun. Whoever listens is warned if the SAE does not seem to belong to the site.
 *
 * @param run What the sites of a run share.
 * @param planned The SAE, and the site that it takes.
 * @param reuseFrom The directory that holds the result already, if one does.
 * @throws {InputError} If a weight is missing, damaged or not finite, a file of the result is damaged, an
 * SAE that explains too little was forced before and is not now, or the device fails.
 */
export async function beginLayer(
  run: RunResources,
  planned: PlannedSae,
  reuseFrom?: string,
): Promise<BegunLayer> {
  const finish = reuseFrom === undefined
    ? await encodeLayer(run, planned)
    : () => readAgain(run, planned, reuseFrom);
  const result = finish().then((made) => {
    warnOfMisfits(made.record, run.observer);
    return made;
  });
  result.catch(() => {}); // it is thrown when it is awaited
  return { result };
}

/** Reads a result; one whose SAE was forced before is refused if it is not now. */
async function readAgain(
  { plan: { options: { forceSae } } }: RunResources,
  planned: PlannedSae,
  directory: string,
): Promise<LayerResult> {
  const result = await readLayerResult(directory, planned.layer);
  refuseMisfits(planned, result.record.misfits ?? [], forceSae);
  return result;
}

/** Does all that needs the device; what is left to be done is done by what is returned. */
async function encodeLayer(
  run: RunResources,
  planned: PlannedSae,
): Promise<() => Promise<LayerResult>> {
  const { plan } = run;
  const { layer, path, site, opened } = planned;
  const states = (await run.states()).at(site);
  const trial = await run.trialOf(planned);
  // Where it was trained on centred states, it gets them centred.
  const hidden = opened?.isCentred ? prepareRows([{ kind: "centre" }], states) : states;
  // With statistics they are read many times.
  const near = run.selectivity === undefined ? hidden : copiedOnce(hidden);
  const parts = run.saes.partsOf(planned);
  // What is done later holds no weights: those of the next SAE are in memory then.
  const { sae, ...loaded } = await parts.loaded;
  const { decoder: fitted } = parts;
  const { sample: { groupSizes }, options: { threshold } } = plan;
  const { freeCount } = planned.shape;
  const watched = run.selectivity && new WatchedFeatures(plan.sample, freeCount);
  const collector = run.selectivity?.begin(planned, watched!);
  const columns = collector?.take.bind(collector);
  const columnRoom = collector?.room;
  const input = { hidden: near, groupSizes, sae, threshold, columns, columnRoom };
  const what = `${layerText(layer)} (${path})`;
  const { encoded, check } = await encodeStates(run, input, what);
  const checks: Promise<unknown>[] = [];
  const nulls = collector && await beginNulls({
    plan,
    selectivity: run.selectivity!,
    states: hidden === states ? near : states,
    hidden: near,
    sae,
    watched: watched!,
    freeCount,
    encode: async (input, what) => {
      const begun = await run.encoder.encodeAhead(input, `${layerText(layer)}, ${what}`);
      checks.push(begun.check);
      return begun.encoded;
    },
  });
  const signed = opened === undefined ? {} : { signed: mayBeNegative(sae.activation) };
  return async () => {
    const found = await check;
    await Promise.all(checks);
    const selectivity = collector && await run.selectivity!.finish(planned, collector);
    const withoutSae = selectivity && await nulls!(selectivity.measures);
    const decoder = await fitted;
    await planned.check();
    const unexplained_variance = trial !== undefined
      ? trial.fit.unexplained ?? null
      : decoder.error === undefined
      ? null // nobody can say
      : unexplained(decoder.error, found?.variance ?? timed("check", () => varianceOf(hidden)));
    parts.release();
    run.siteIsDone(planned);
    const made = await run.recordOf(planned, { loaded, decoder });
    return {
      record: {
        ...made,
        ...signed,
        unexplained_variance,
        ...trial && trial.misfits.length > 0 && { misfits: [...trial.misfits] },
      },
      ...timed("statistics", () => makeArrays({ ...encoded, questions: plan.sample.questions })),
      sums: { values: encoded.reductions.sums, rests: encoded.reductions.rests.sums },
      ...selectivity && { selectivity: { ...selectivity, nulls: withoutSae } },
    };
  };
}

/** Encodes each state, or all that are pooled, which are checked at once. */
async function encodeStates(
  { plan: { pooled }, encoder }: RunResources,
  input: EncodeInput,
  what: string,
): ReturnType<RunEncoder["encodeAhead"]> {
  if (pooled === undefined) return await encoder.encodeAhead(input, what);
  const { tokens, pooling } = pooled;
  const stateCounts = tokens.map(({ length }) => length);
  const encoded = await encodePooled(
    { ...input, stateCounts, pooling },
    (some) => encoder.encode(some, what), // checked: its arrays are handed over
    encoder.poolWork(4 * input.sae.featureCount * tokens.length),
  );
  return { encoded, check: Promise.resolve(undefined) };
}

/** The error of a reconstruction as a fraction of the variance; null where nothing varies. */
function unexplained(error: number, variance: number): number | null {
  return variance === 0 ? null : error / variance;
}
