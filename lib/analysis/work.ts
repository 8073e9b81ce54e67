/**
 * What an analysis amounts to, so that the device can be chosen that is faster for it.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan.ts";
import type { Work } from "../compute/faster_device.ts";

/**
 * The products of matrices in an analysis, two operations for each product and its sum: those of the
 * blocks below the deepest layer, for every token, and those of the SAEs' encoders. What prompts have
 * in common, which is computed once, and attention are left out: they are a third less and a tenth
 * more.
 */
export function workOf(
  { model: { config }, prompts, checkpoints }: Pick<
    AnalysisPlan,
    "model" | "prompts" | "checkpoints"
  >,
): Work {
  const { n_embd: width, n_inner } = config;
  const weightsOfBlock = width * (4 * width + 2 * (n_inner ?? 4 * width));
  const blocks = Math.max(0, ...checkpoints.map(({ layer }) => layer));
  const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
  const encoders = checkpoints.reduce(
    (sum, { shape }) => sum + shape.width * shape.featureCount,
    0,
  );
  return { operations: 2 * (tokens * blocks * weightsOfBlock + prompts.length * encoders) };
}
