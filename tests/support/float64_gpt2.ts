/**
 * GPT-2 in float64, written from the formulas alone: slow, short, and sharing no code with coact.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py
 */

/** Weights by name, without the prefix `transformer.`, rows first. */
export type Weights = Readonly<Record<string, ArrayLike<number>>>;

/** The part of the configuration that matters. */
export interface Shape {
  n_embd: number;
  n_layer: number;
  n_head: number;
  n_inner: number | null;
  activation_function: string;
  layer_norm_epsilon: number;
  scale_attn_weights: boolean;
  scale_attn_by_inverse_layer_idx: boolean;
}

type Row = number[];

/** `hidden_states` of a Hugging Face model at the last token: `[n_layer + 1][n_embd]`. */
export function hiddenStates(shape: Shape, weights: Weights, ids: readonly number[]): Row[] {
  const { n_embd: width, n_layer } = shape;
  const row = (name: string, index: number) =>
    Array.from({ length: width }, (_, i) => weights[name]![index * width + i]!);
  let stream = ids.map((id, position) => add(row("wte.weight", id), row("wpe.weight", position)));
  const states = [stream];
  for (let block = 0; block < n_layer; block++) {
    stream = runBlock(shape, weights, block, stream);
    states.push(stream);
  }
  states[n_layer] = stream.map((x) => layerNorm(shape, weights, "ln_f", x));
  return states.map((state) => state.at(-1)!);
}

function runBlock(shape: Shape, weights: Weights, block: number, stream: Row[]): Row[] {
  const name = `h.${block}`;
  const normed = stream.map((x) => layerNorm(shape, weights, `${name}.ln_1`, x));
  const attended = attention(shape, weights, block, normed);
  return stream.map((x, i) => {
    const y = add(x, linear(weights, `${name}.attn.c_proj`, attended[i]!));
    const wide = linear(weights, `${name}.mlp.c_fc`, layerNorm(shape, weights, `${name}.ln_2`, y));
    const active = wide.map((value) => activate(shape.activation_function, value));
    return add(y, linear(weights, `${name}.mlp.c_proj`, active));
  });
}

function attention(shape: Shape, weights: Weights, block: number, stream: Row[]): Row[] {
  const { n_embd: width, n_head } = shape;
  const size = width / n_head;
  const qkv = stream.map((x) => linear(weights, `h.${block}.attn.c_attn`, x));
  const part = (token: number, kind: number, head: number) =>
    qkv[token]!.slice(kind * width + head * size, kind * width + (head + 1) * size);
  let scale = shape.scale_attn_weights ? 1 / Math.sqrt(size) : 1;
  if (shape.scale_attn_by_inverse_layer_idx) scale /= block + 1;
  return stream.map((_, token) =>
    Array.from({ length: n_head }, (_, head) => {
      const scores = Array.from(
        { length: token + 1 },
        (_, other) => scale * dot(part(token, 0, head), part(other, 1, head)),
      );
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const total = powers.reduce((a, b) => a + b);
      return powers.map((power, other) => part(other, 2, head).map((v) => v * power / total))
        .reduce(add);
    }).flat()
  );
}

function layerNorm({ layer_norm_epsilon }: Shape, weights: Weights, name: string, x: Row): Row {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) =>
    (value - mean) / Math.sqrt(variance + layer_norm_epsilon) * weights[`${name}.weight`]![i]! +
    weights[`${name}.bias`]![i]!
  );
}

function linear(weights: Weights, name: string, x: Row): Row {
  const bias = weights[`${name}.bias`]!;
  const weight = weights[`${name}.weight`]!;
  return Array.from(bias, (b, column) => {
    return x.reduce((sum, value, i) => sum + value * weight[i * bias.length + column]!, b);
  });
}

function activate(name: string, x: number): number {
  if (name === "relu") return Math.max(0, x);
  if (name === "gelu") return x * 0.5 * (1 + errorFunction(x / Math.SQRT2));
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** erf by its Taylor series, which converges quickly for the small arguments of the tests. */
function errorFunction(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

function dot(a: Row, b: Row): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function add(a: Row, b: Row): Row {
  return a.map((value, i) => value + b[i]!);
}
