/**
 * What the configurations of OpenMOSS's SAEs say.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import type { Shape } from "../../files/schema_shape.ts";

/** What configurations of all versions say. */
export interface OpenmossConfig {
  /** The hook that it reads: `blocks.8.hook_resid_post`. */
  hook_point_in: string;
  /** The hook of what it gives; another one makes it a transcoder. */
  hook_point_out: string;
  /** The width of the hidden states. */
  d_model: number;
  /** How many features there are for each dimension. */
  expansion_factor: number;
  /** Whether the decoder has a b. Default: yes. */
  use_decoder_bias?: boolean | undefined;
  /** Whether p is multiplied with the sigmoid of a second product. Default: no. */
  use_glu_encoder?: boolean | undefined;
  /** `relu`, `jumprelu`, `topk` and so on. Default: relu. */
  act_fn?: string | undefined;
  /** What the scale of the input comes from: `dataset-wise` and so on. */
  norm_activation?: string | undefined;
  /** Whether features are chosen by p times the length of what they add. Default: yes. */
  sparsity_include_decoder_norm?: boolean | undefined;
  /** Whether the decoder's b is subtracted from the input. Default: no. */
  apply_decoder_bias_to_pre_encoder?: boolean | undefined;
  /** How many features top-k keeps; of other SAEs an option of their training. */
  top_k?: number | undefined;
}

/** The schemas of what configurations of all versions say. */
export const openmossFields: Shape<OpenmossConfig> = {
  hook_point_in: z.string(),
  hook_point_out: z.string(),
  d_model: z.int(),
  expansion_factor: z.number(),
  use_decoder_bias: z.boolean().optional(),
  use_glu_encoder: z.boolean().optional(),
  act_fn: z.string().optional(),
  norm_activation: z.string().optional(),
  sparsity_include_decoder_norm: z.boolean().optional(),
  apply_decoder_bias_to_pre_encoder: z.boolean().optional(),
  top_k: z.int().optional(),
};

/** The schema of a configuration. */
export const openmossConfigSchema: Schema<OpenmossConfig> = z.object(openmossFields);
