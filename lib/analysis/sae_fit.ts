/**
 * Whether an SAE seems to belong to the states that it was given, by what its result says anyway: no
 * state is encoded again for it.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import { activePerQuestion } from "../results/active_features.ts";
import { layerText } from "../results/layer_name.ts";
import type { LayerResult } from "../results/layer_result.ts";

/** By which factor more features may be active than the files of an SAE declare. */
const MOST_ACTIVE = 2;

/**
 * Makes sure that an SAE belongs to its states. AlignSAE's are warned of, as ever.
 *
 * @param force Whether others are warned of, too, and not refused. Default: no.
 * @throws {InputError} If one that is not AlignSAE's does not seem to.
 */
export function checkFit(
  result: Pick<LayerResult, "record" | "consistency">,
  observer: Observer,
  force = false,
): void {
  for (const misfit of misfitsOf(result)) {
    if (force || result.record.sae !== "unsupervised") observer.warn(misfit);
    else throw new InputError(misfit, { advice: { kind: "force_sae" } });
  }
}

/** What speaks against an SAE, in sentences; none if nothing does. */
export function misfitsOf(
  { record, consistency }: Pick<LayerResult, "record" | "consistency">,
): string[] {
  const { layer, checkpoint: { path }, unexplained_variance: unexplained, declared_l0 } = record;
  const misfits: string[] = [];
  if (unexplained !== undefined && unexplained !== null && unexplained > 1) {
    misfits.push(
      `${
        layerText(layer)
      }: what ${path} makes of the hidden states is further from them than their ` +
        `mean is (unexplained variance ${
          unexplained.toPrecision(2)
        }); do this SAE and this layer ` +
        "of this model belong together?",
    );
  }
  // Those above the threshold are a part of the active ones only: too few of them say nothing.
  const active = declared_l0 === undefined || record.activation_threshold < 0
    ? 0
    : activePerQuestion(record, consistency);
  if (declared_l0 !== undefined && declared_l0 > 0 && active > MOST_ACTIVE * declared_l0) {
    misfits.push(
      `${layerText(layer)}: ${
        active.toPrecision(3)
      } features of ${path} are active in a question ` +
        `on average, but its files declare ${declared_l0}: a threshold, a scale or a norm is not ` +
        "what it was in training",
    );
  }
  return misfits;
}
