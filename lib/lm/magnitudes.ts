/**
 * Whether float32 carries what a GPT-2 computes. Weights that are too large let the squares in a
 * LayerNorm overflow, for example; the hidden states are then finite and wrong.
 *
 * A LayerNorm makes a bound possible that holds for every prompt: whatever comes in, its output has
 * no greater length than sqrt(d_model) times its greatest weight, plus its bias. From there each
 * matrix adds at most a product of extremes, and the residual stream is a sum of such additions. The
 * bound is a million times above what a model really gives, and far below what float32 carries.
 *
 * @module
 */
import type { WeightSource } from "../compute/session_weights.ts";
import { InputError } from "../base/errors.ts";
import { FileSource } from "../files/byte_source.ts";
import { greatestMagnitude, LARGEST_FLOAT32 } from "../tensors/magnitude.ts";
import { BYTES_PER_ELEMENT, toFloat32 } from "../tensors/stored_tensor.ts";
import type { Gpt2Config } from "./gpt2_config.ts";

/** How much is read at a time, in bytes: a multiple of every element's size. */
const CHUNK_BYTES = 2 ** 22;

/** What may become too large, and how large at most. */
export interface Overflow {
  /** What: `the squares in h.3.ln_1`. */
  readonly what: string;
  /** Its bound, beyond float32; infinite if it is beyond float64 as well. */
  readonly bound: number;
}

/**
 * Bounds everything that a GPT-2 computes on its way to a layer, for every prompt there is.
 *
 * @param layer The deepest layer, 0 to `n_layer`.
 * @param greatest The greatest magnitude in a weight, by its name: `h.0.ln_1.weight`.
 * @returns The first that float32 may not hold; undefined if it holds everything.
 */
export function findOverflow(
  config: Gpt2Config,
  layer: number,
  greatest: (name: string) => number,
): Overflow | undefined {
  const { n_embd: width, n_head, n_inner, activation_function } = config;
  const inner = n_inner ?? 4 * width;
  /** The sum of the magnitudes of a LayerNorm's output: at most sqrt(width) times its length. */
  const normed = (name: string) => width * (greatest(`${name}.weight`) + greatest(`${name}.bias`));
  /** An element of a linear map's output, all of its partial sums included. */
  const linear = (magnitudes: number, name: string) =>
    magnitudes * greatest(`${name}.weight`) + greatest(`${name}.bias`);
  const bounds: [string, number][] = [];
  let stream = greatest("wte.weight") + greatest("wpe.weight");
  const square = (name: string) =>
    bounds.push([`the squares in ${name}`, width * (2 * stream) ** 2]); // less their mean: twice
  for (let block = 0; block < layer; block++) {
    const name = `h.${block}`;
    square(`${name}.ln_1`);
    const qkv = linear(normed(`${name}.ln_1`), `${name}.attn.c_attn`);
    bounds.push([`the attention scores of h.${block}`, width / n_head * qkv * qkv]);
    stream += linear(width * qkv, `${name}.attn.c_proj`);
    square(`${name}.ln_2`);
    const wide = linear(normed(`${name}.ln_2`), `${name}.mlp.c_fc`);
    const powers = activation_function === "gelu_new" ? wide ** 3 : wide; // of its approximation
    bounds.push([`the activations in ${name}.mlp`, powers]);
    stream += linear(inner * wide, `${name}.mlp.c_proj`);
  }
  if (layer === config.n_layer) {
    square("ln_f");
    bounds.push(["the output of ln_f", normed("ln_f")]);
  }
  bounds.push([`hidden_states[${layer}]`, stream]);
  const beyond = bounds.find(([, bound]) => !(bound < LARGEST_FLOAT32));
  return beyond && { what: beyond[0], bound: beyond[1] };
}

/** The greatest magnitude in each weight of a model, found on the way as the weights are read. */
export class WeightMagnitudes {
  #sources: ReadonlyMap<string, WeightSource>;
  #greatest = new Map<string, number>();

  /**
   * Begins with none.
   *
   * @param sources Where each weight is, by its name without a prefix.
   */
  constructor(sources: ReadonlyMap<string, WeightSource>) {
    this.#sources = sources;
  }

  /**
   * Looks at a weight, or at a part of one.
   *
   * @param name Its name without a prefix.
   * @param values Its elements.
   * @param first The position of the first of them in the weight. Default: 0.
   * @throws {InputError} If one is NaN or infinite.
   */
  add(name: string, values: Float32Array, first: number = 0): void {
    const greatest = greatestMagnitude(values);
    if (!Number.isFinite(greatest)) {
      const { tensor } = this.#sources.get(name)!;
      const at = values.findIndex((value) => !Number.isFinite(value));
      throw new InputError(
        `${tensor.path}: tensor ${tensor.name} holds ${values[at]} at position ${first + at}, ` +
          "expected finite numbers",
      );
    }
    this.#greatest.set(name, Math.max(greatest, this.#greatest.get(name) ?? 0));
  }

  /**
   * Reads all weights and looks at each, a part at a time.
   *
   * @throws {InputError} If one cannot be read, or holds NaN or infinity.
   */
  async read(): Promise<void> {
    for (const [name, { file, tensor }] of this.#sources) {
      const place = file.place(tensor.name);
      if (place === undefined) {
        this.add(name, await file.read(tensor.name));
        continue;
      }
      using source = await FileSource.open(place.path);
      for (let start = 0; start < place.byteLength; start += CHUNK_BYTES) {
        const end = Math.min(start + CHUNK_BYTES, place.byteLength);
        const bytes = await source.read(place.offset + start, place.offset + end);
        const values = toFloat32(bytes, tensor.dataType)!;
        this.add(name, values, start / BYTES_PER_ELEMENT[tensor.dataType]);
      }
    }
  }

  /**
   * Makes sure that float32 carries all that the model computes.
   *
   * @param layer The deepest layer wanted.
   * @throws {InputError} If it may not; the greatest weight is named.
   */
  check(config: Gpt2Config, layer: number): void {
    const overflow = findOverflow(config, layer, (name) => this.#greatest.get(name) ?? 0);
    if (overflow === undefined) return;
    const [name, greatest] = [...this.#greatest].reduce((a, b) => b[1] > a[1] ? b : a);
    const { tensor } = this.#sources.get(name)!;
    throw new InputError(
      `${tensor.path}: the weights are too large for float32: ${overflow.what} can reach ` +
        `${overflow.bound.toExponential(1)}, beyond its ${LARGEST_FLOAT32.toExponential(1)}; the ` +
        `greatest weight is ${greatest.toExponential(1)}, in tensor ${tensor.name}; export the ` +
        "model again from where it was trained, unscaled",
    );
  }
}
