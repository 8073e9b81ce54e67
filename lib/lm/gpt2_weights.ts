/**
 * Which weights a GPT-2 needs, and of what shapes.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py
 *
 * @module
 */
import type { Gpt2Config } from "./gpt2_config.ts";

/**
 * The weights that `hidden_states[0]` to `hidden_states[deepest]` need: the names, without a prefix,
 * and the shapes. Linear weights are [in, out].
 */
export function gpt2WeightShapes(
  { vocab_size, n_positions, n_embd, n_layer, n_inner }: Gpt2Config,
  deepest: number,
): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([
    ["wte.weight", [vocab_size, n_embd]],
    ["wpe.weight", [n_positions, n_embd]],
  ]);
  const norm = (name: string) =>
    shapes.set(`${name}.weight`, [n_embd]).set(`${name}.bias`, [n_embd]);
  const linear = (name: string, inputs: number, outputs: number) =>
    shapes.set(`${name}.weight`, [inputs, outputs]).set(`${name}.bias`, [outputs]);
  const width = n_inner ?? 4 * n_embd;
  for (let block = 0; block < deepest; block++) {
    norm(`h.${block}.ln_1`);
    linear(`h.${block}.attn.c_attn`, n_embd, 3 * n_embd);
    linear(`h.${block}.attn.c_proj`, n_embd, n_embd);
    norm(`h.${block}.ln_2`);
    linear(`h.${block}.mlp.c_fc`, n_embd, width);
    linear(`h.${block}.mlp.c_proj`, width, n_embd);
  }
  if (deepest === n_layer) norm("ln_f");
  return shapes;
}
