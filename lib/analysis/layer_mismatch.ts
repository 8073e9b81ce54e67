/**
 * An SAE of another layer or model explains nothing of the hidden states, and says nothing of it.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { LayerRecord } from "../results/schemas.ts";

/** Warns if an SAE and the layer that it encoded do not seem to belong together. */
export function warnOfMismatch(
  { layer, checkpoint: { path }, unexplained_variance: unexplained }: LayerRecord,
  observer: Observer,
): void {
  if (unexplained === undefined || unexplained === null || unexplained <= 1) return;
  observer.warn(
    `layer ${layer}: what ${path} makes of the hidden states is further from them than their mean ` +
      `is (unexplained variance ${unexplained.toPrecision(2)}); do this SAE and this layer of ` +
      "this model belong together?",
  );
}
