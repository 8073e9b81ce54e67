/**
 * How large the weights of a model are, found as they are read, and whether float32 carries what
 * becomes of them.
 *
 * @module
 */
import type { WeightSource } from "../compute/session_weights.ts";
import { InputError } from "../base/errors.ts";
import { greatestMagnitude, LARGEST_FLOAT32 } from "../tensors/magnitude.ts";
import type { Decoder } from "./decoder.ts";
import { findOverflow } from "./decoder_bounds.ts";
import type { Site } from "./site.ts";
import { type ScannedWeight, scanWeight } from "./weight_scan.ts";

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

  /** Takes note of a weight that was looked at before, if it is one of these and all of it is finite. */
  note({ name, greatest }: ScannedWeight): void {
    if (this.#sources.has(name) && Number.isFinite(greatest)) this.#greatest.set(name, greatest);
  }

  /**
   * Reads weights and looks at each, a part at a time; those that were looked at before are not read.
   *
   * @param names Their names without a prefix. Default: all.
   * @throws {InputError} If one cannot be read, or holds NaN or infinity.
   */
  async read(names: Iterable<string> = this.#sources.keys()): Promise<void> {
    for (const name of names) {
      if (this.#greatest.has(name)) continue;
      const { file, tensor } = this.#sources.get(name)!;
      const place = file.place(tensor.name);
      const scanned = place && await scanWeight({ name, dataType: tensor.dataType, ...place });
      if (scanned !== undefined && Number.isFinite(scanned.greatest)) this.note(scanned);
      else this.add(name, await this.#values(name));
    }
  }

  /** All of a weight, whatever it holds. */
  async #values(name: string): Promise<Float32Array> {
    const { file, tensor } = this.#sources.get(name)!;
    const place = file.place(tensor.name);
    if (place === undefined) return await file.read(tensor.name);
    const stored = { name, dataType: tensor.dataType, ...place };
    return (await scanWeight(stored, { wantsValues: true })).values!;
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
