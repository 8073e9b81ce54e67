/**
 * The result of one site: read where it lies on disk already, or computed.
 *
 * @module
 */
import type { PlannedSae } from "./planned_sae.ts";
import { ListCandidates } from "./list_candidates.ts";
import { LIST_LENGTH } from "../results/null_record.ts";
import { nullsOf } from "./null_sets.ts";
import { SampledFeatures } from "./sampled_features.ts";
import { layerRecordOf } from "./provenance.ts";
import { refuseMisfits, warnOfMisfits } from "./sae_fit.ts";
import { layerText } from "../results/layer_name.ts";
import { type LayerResult, makeArrays, readLayerResult } from "../results/layer_result.ts";
import type { RunResources } from "./run_resources.ts";
import { timed } from "../base/work_log.ts";
import { mayBeNegative } from "../sae/activation.ts";
import type { FeatureColumns } from "../sae/encode/columns.ts";
import { encodePooled } from "../sae/encode/encode_pooled.ts";
import type { EncodeInput } from "../sae/encode/encoder.ts";
import { prepareRows } from "../sae/input.ts";
import { unexplainedVariance } from "../sae/reconstruction.ts";

/**
 * The result of one site, computed or used again; whoever listens is warned if the SAE does not seem
 * to belong to the site.
 *
 * @param run What the sites of a run share.
 * @param planned The SAE, and the site that it takes.
 * @param reuseFrom The directory that holds the result already, if one does.
 * @throws {InputError} If a weight is missing, damaged or not finite, a file of the result is
 * damaged, an SAE that is not AlignSAE's does not belong to the states and is not forced, or the
 * device fails.
 */
export async function layerResult(
  run: RunResources,
  planned: PlannedSae,
  reuseFrom?: string,
): Promise<LayerResult> {
  const { observer, plan: { options: { forceSae } } } = run;
  const result = reuseFrom === undefined
    ? await computeLayer(run, planned)
    : await readLayerResult(reuseFrom, planned.layer);
  refuseMisfits(planned, result.record.misfits ?? [], forceSae); // of one that was forced before
  warnOfMisfits(result.record, observer);
  return result;
}

async function computeLayer(run: RunResources, planned: PlannedSae): Promise<LayerResult> {
  const { plan, provenance } = run;
  const { layer, path, site, opened } = planned;
  const states = (await run.states()).at(site);
  const trial = await run.trialOf(planned);
  refuseMisfits(planned, trial?.misfits ?? [], plan.options.forceSae);
  // Where it was trained on centred states, it gets them centred.
  const hidden = opened?.isCentred ? prepareRows([{ kind: "centre" }], states) : states;
  const loaded = await run.encoderOf(planned);
  const { sae } = loaded;
  const reading = timed("read", () => planned.readDecoder()); // it comes while the states are encoded
  reading.catch(() => {});
  const { sample: { groupSizes }, options: { threshold }, pooled } = plan;
  const collector = run.selectivity?.begin(planned);
  const { freeCount } = planned.shape;
  const { questions } = plan.sample;
  const watched = { freeCount, questions: questions.length };
  const sampled = collector && new SampledFeatures(watched);
  const strongest = collector && new ListCandidates({
    ...watched,
    length: Math.min(LIST_LENGTH, freeCount),
    fewest: Math.min(...groupSizes),
  });
  const columns = collector && ((columns: FeatureColumns) => {
    sampled!.see(columns);
    strongest!.see(columns);
    return collector.take(columns);
  });
  const input = { hidden, groupSizes, sae, threshold, columns };
  const encode = (input: EncodeInput) => run.encode(input, `${layerText(layer)} (${path})`);
  const encoded = pooled === undefined ? await encode(input) : await encodePooled({
    ...input,
    stateCounts: pooled.tokens.map(({ length }) => length),
    pooling: pooled.pooling,
  }, encode);
  const read = await reading;
  await planned.check();
  const { decoder } = read;
  const unexplained_variance = trial !== undefined
    ? trial.fit.unexplained ?? null
    : decoder === undefined
    ? null // nobody can say
    : await timed("check", () => unexplainedVariance(hidden, { sae, decoder })) ?? null;
  const selectivity = collector && await run.selectivity!.finish(planned, collector);
  const nulls = selectivity && await nullsOf({
    plan,
    selectivity: run.selectivity!,
    states,
    hidden,
    sae,
    sampled: sampled!,
    strongest: strongest!,
    freeCount,
    measured: selectivity.measures,
    encode: (input, what) => run.encode(input, `${layerText(layer)}, ${what}`),
  });
  run.siteIsDone(planned);
  const made = layerRecordOf(plan, planned, { provenance, loaded, decoder: read });
  const signed = opened === undefined ? {} : { signed: mayBeNegative(sae.activation) };
  return {
    record: {
      ...made,
      ...signed,
      unexplained_variance,
      ...trial && trial.misfits.length > 0 && { misfits: [...trial.misfits] },
    },
    ...timed("statistics", () => makeArrays({ ...encoded, questions })),
    sums: { values: encoded.reductions.sums, rests: encoded.reductions.rests.sums },
    ...selectivity && { selectivity: { ...selectivity, nulls } },
  };
}
