/**
 * `cfg.json` of sparsify: what it says, and what follows from it for the activation.
 *
 * Source: https://github.com/EleutherAI/sparsify.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import type { Activation } from "../activation.ts";
import { checkedK } from "./said.ts";

/** What the file is called. */
export const CONFIG = "cfg.json";

/** What the configuration says. What is absent had not been thought of when it was written. */
export interface SparsifyConfig {
  /** `topk` or `groupmax`. Default: topk. */
  activation?: string | null | undefined;
  /** How many features there are for each dimension, where `num_latents` is 0. */
  expansion_factor?: number | null | undefined;
  /** How many features there are. */
  num_latents?: number | null | undefined;
  /** How many features of a state are kept. */
  k: number;
  /** Whether it was also trained with four times as many. Default: no. */
  multi_topk?: boolean | null | undefined;
  /** Whether the input goes round the SAE, too. Default: no. */
  skip_connection?: boolean | null | undefined;
  /** Whether it is a transcoder. Default: no. */
  transcode?: boolean | null | undefined;
  /** Whether the k largest magnitudes keep their signs, as in 2024. Default: no. */
  signed?: boolean | null | undefined;
  /** The width of the hidden states. */
  d_in?: number | null | undefined;
}

/** The schema of the configuration. */
export const sparsifyConfigSchema: Schema<SparsifyConfig> = z.object({
  activation: z.string().nullish(),
  expansion_factor: z.int().nullish(),
  num_latents: z.int().nullish(),
  k: z.int(),
  multi_topk: z.boolean().nullish(),
  skip_connection: z.boolean().nullish(),
  transcode: z.boolean().nullish(),
  signed: z.boolean().nullish(),
  d_in: z.int().nullish(),
});

/**
 * What becomes of p.
 *
 * @param path The SAE, for messages.
 * @throws {InputError} If the activation is not known, or k does not fit the number of features.
 */
export function activationOf(
  path: string,
  config: SparsifyConfig,
  featureCount: number,
): Activation {
  const { activation = "topk", signed } = config;
  const k = checkedK({ path, source: CONFIG, name: "k", value: config.k }, featureCount);
  if (signed) return { threshold: { k, by: "magnitude" } };
  if (activation === null || activation === "topk") {
    return { threshold: { k, by: "value" }, floor: 0 };
  }
  if (activation !== "groupmax") {
    throw new InputError(
      `${path}: ${CONFIG} says activation ${activation}, expected topk or groupmax`,
    );
  }
  if (featureCount % k !== 0) {
    throw new InputError(
      `${path}: ${CONFIG} says groupmax with k ${k}, which does not divide its ${featureCount} features`,
    );
  }
  return { threshold: { k: 1, by: "value", groups: k }, floor: 0 };
}

/** What to call it for a reader. */
export function architectureOf({ activation, signed, transcode }: SparsifyConfig): string {
  const base = signed ? "signed topk" : activation ?? "topk";
  return transcode ? `${base} transcoder` : base;
}

/** What a user has to know of what it says. */
export function notesOn({ signed, activation, multi_topk }: SparsifyConfig): string[] {
  return [
    ...(signed
      ? [
        `${CONFIG} says signed: as in 2024, the k largest magnitudes keep their signs; sparsify today ` +
        "drops the word and takes max(0, p)",
      ]
      : []),
    ...(signed && activation
      ? [`${CONFIG} says both signed and activation ${activation}: signed is followed`]
      : []),
    ...(multi_topk
      ? [`${CONFIG} says multi_topk, which changes the loss in training; k features are kept`]
      : []),
  ];
}
