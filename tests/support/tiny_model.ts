/** Writes tiny random GPT-2s and safetensors files, in any precision, with or without the prefix. */
import { REFERENCE } from "./fixtures.ts";
import type { Shape, Weights } from "./float64_gpt2.ts";
import type { TemporaryDirectory } from "./temporary.ts";

/** How a tiny model differs from the plain one. */
export interface TinyModelOptions {
  /** Fields of `config.json` to change. */
  config?: Record<string, unknown>;
  /** The precision of the weights. Default: F32. */
  dtype?: Dtype | DtypeOf;
  /** What comes before the names of tensors. Default: `transformer.`. */
  prefix?: string;
  /** Changes the tensors before they are written. */
  edit?: (tensors: Map<string, TinyTensor>) => void;
  /** Writes the weights in another way than as `model.safetensors`. */
  write?: (directory: TemporaryDirectory, tensors: ReadonlyMap<string, TinyTensor>) => void;
}

/** Precisions by their names in safetensors files. */
export type Dtype = "F64" | "F32" | "F16" | "BF16";

/** The precision of each tensor. */
export type DtypeOf = (name: string) => Dtype;

/** A tensor to be written. */
export interface TinyTensor {
  shape: number[];
  values: Float32Array;
}

/** What was written. */
export interface TinyModel {
  /** The directory. */
  directory: string;
  /** `config.json`. */
  config: Shape & { vocab_size: number; n_positions: number };
  /** The weights as they are after rounding to the precision of the file. */
  weights: Weights;
}

const PLAIN = {
  model_type: "gpt2",
  vocab_size: 420, // that of the fixture's tokenizer
  n_positions: 48,
  n_embd: 8,
  n_layer: 3,
  n_head: 2,
  n_inner: null,
  activation_function: "gelu_new",
  layer_norm_epsilon: 1e-5,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
};

/** Writes a model with its tokenizer into `<directory>/lm`. */
export function writeTinyModel(
  directory: TemporaryDirectory,
  options: TinyModelOptions = {},
): TinyModel {
  const { config: changes = {}, dtype = "F32", prefix = "transformer.", edit, write } = options;
  const dtypeOf = typeof dtype === "string" ? () => dtype : dtype;
  const config = { ...PLAIN, ...changes };
  const tensors = randomTensors(config);
  edit?.(tensors);
  const rounded = Object.fromEntries(
    [...tensors].map(([name, { values }]) => [name, roundTo(dtypeOf(name), values)]),
  );
  directory.write("lm/config.json", JSON.stringify(config));
  if (write) write(directory, tensors);
  else directory.write("lm/model.safetensors", safetensors(tensors, dtypeOf, prefix));
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    directory.write(`lm/${name}`, Deno.readTextFileSync(`${REFERENCE}/lm/${name}`));
  }
  return { directory: `${directory.path}/lm`, config, weights: rounded };
}

/** Numbers between -0.5 and 0.5 that are the same every time. */
export function randomNumbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  });
}

function randomTensors(config: typeof PLAIN): Map<string, TinyTensor> {
  const { n_embd: d, vocab_size, n_positions, n_layer } = config;
  const inner = config.n_inner ?? 4 * d;
  const shapes: [string, number[]][] = [["wte.weight", [vocab_size, d]], ["wpe.weight", [
    n_positions,
    d,
  ]]];
  const norm = (name: string) => shapes.push([`${name}.weight`, [d]], [`${name}.bias`, [d]]);
  const linear = (name: string, inputs: number, outputs: number) =>
    shapes.push([`${name}.weight`, [inputs, outputs]], [`${name}.bias`, [outputs]]);
  for (let block = 0; block < n_layer; block++) {
    norm(`h.${block}.ln_1`);
    linear(`h.${block}.attn.c_attn`, d, 3 * d);
    linear(`h.${block}.attn.c_proj`, d, d);
    norm(`h.${block}.ln_2`);
    linear(`h.${block}.mlp.c_fc`, d, inner);
    linear(`h.${block}.mlp.c_proj`, inner, d);
  }
  norm("ln_f");
  return new Map(shapes.map(([name, shape], i) => {
    const values = randomNumbers(shape.reduce((a, b) => a * b), i + 1);
    return [name, { shape, values: values.map((value) => 2 * value) }];
  }));
}

/** The bytes of a safetensors file. */
export function safetensors(
  tensors: ReadonlyMap<string, TinyTensor>,
  dtype: Dtype | DtypeOf = "F32",
  prefix = "",
  { isPadded = true }: { isPadded?: boolean } = {},
): Uint8Array {
  const dtypeOf = typeof dtype === "string" ? () => dtype : dtype;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const bytes = encode(dtypeOf(name), values);
    header[prefix + name] = {
      dtype: dtypeOf(name),
      shape,
      data_offsets: [offset, offset += bytes.length],
    };
    parts.push(bytes);
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text + " ".repeat((isPadded ? 0 : 3) - text.length & 7));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return joined([length, json, ...parts]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  parts.reduce((start, part) => (bytes.set(part, start), start + part.length), 0);
  return bytes;
}

function encode(dtype: string, values: Float32Array): Uint8Array {
  const rounded = roundTo(dtype, values);
  if (dtype === "F64") return new Uint8Array(new Float64Array(rounded).buffer);
  if (dtype === "F16") return new Uint8Array(new Float16Array(rounded).buffer);
  const bits = new Uint32Array(rounded.buffer);
  if (dtype === "BF16") return new Uint8Array(Uint16Array.from(bits, (b) => b >>> 16).buffer);
  return new Uint8Array(bits.buffer);
}

function roundTo(dtype: string, values: Float32Array): Float32Array<ArrayBuffer> {
  if (dtype === "F16") return new Float32Array(new Float16Array(values));
  const copy = new Float32Array(values);
  if (dtype === "BF16") {
    const bits = new Uint32Array(copy.buffer);
    bits.forEach((b, i) => bits[i] = b & 0xffff0000);
  }
  return copy;
}
