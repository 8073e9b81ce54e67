/**
 * How large the weights of a model are, found as they are read, and whether float32 carries what
 * becomes of them.
 *
 * @module
 */
import type { WeightSource } from "../compute/session_weights.ts";
import { InputError } from "../base/errors.ts";
import { FileSource } from "../files/byte_source.ts";
import { greatestMagnitude, LARGEST_FLOAT32 } from "../tensors/magnitude.ts";
import { BYTES_PER_ELEMENT, toFloat32 } from "../tensors/stored_tensor.ts";
import type { Decoder } from "./decoder.ts";
import { findOverflow } from "./decoder_bounds.ts";
import type { Site } from "./site.ts";

/** How much is read at a time, in bytes: a multiple of every element's size. */
const CHUNK_BYTES = 2 ** 22;

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
   * @param deepest The deepest site wanted.
   * @throws {InputError} If it may not; the greatest weight is named.
   */
  check(decoder: Decoder, deepest: Site): void {
    const overflow = findOverflow(decoder, deepest, (name) => this.#greatest.get(name) ?? 0);
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
