/**
 * Looks at the weights of a language model ahead of the pass, while inputs are read and the device is
 * opened: a pass is not to begin before it is known that float32 carries it.
 *
 * @module
 */
import type { DeviceRequest } from "../compute/device.ts";
import { hasNativeRuntime } from "../compute/native_runtime.ts";
import { weightShapes } from "./decoder_depth.ts";
import type { DecoderModel } from "./language_model.ts";
import type { Site } from "./site.ts";
import { storedBytes } from "./stages.ts";
import { WeightReader, type WeightsAhead } from "./weight_reader.ts";
import { weightsOf } from "./weights.ts";

/** From how many bytes of stored weights on: a thread takes longer to start than fewer take. */
const LEAST_BYTES = 2 ** 26;
/** Up to how many: more may not stay in the operating system's cache until the pass reads them, too. */
const MOST_BYTES = 2 ** 31;

/** A look at weights that was begun. Whoever begins it ends it, by `using`. */
export class WeightsLook implements Disposable {
  /** What was seen; rejected with an `InputError` if a weight cannot be read. */
  readonly seen: Promise<WeightsAhead>;
  readonly #reader: WeightReader;

  /**
   * Begins to look at what a pass to some sites needs, where it is worth a thread and the pass will run
   * in native code, which looks at nothing itself.
   *
   * @param device Where the pass is to run.
   * @param bytes How many bytes of stored weights are worth it. Default: 64 MiB to 2 GiB.
   * @returns Undefined where nothing is looked at ahead.
   * @throws {InputError} If the model lacks a weight.
   */
  static begin(
    model: DecoderModel,
    sites: readonly Site[],
    device: DeviceRequest,
    { least = LEAST_BYTES, most = MOST_BYTES }: { least?: number; most?: number } = {},
  ): WeightsLook | undefined {
    if (device === "wasm" || !hasNativeRuntime()) return undefined;
    const weights = weightsOf(model.weights, weightShapes(model.decoder, sites));
    const bytes = storedBytes(weights);
    if (bytes < least || bytes > most) return undefined;
    const reader = new WeightReader(false);
    return new WeightsLook(reader, reader.read(weights));
  }

  private constructor(reader: WeightReader, seen: Promise<WeightsAhead>) {
    this.#reader = reader;
    // What it read through is in its memory until it ends: some 65 MiB, all through the pass.
    this.seen = seen.finally(() => reader[Symbol.dispose]());
    this.seen.catch(() => {}); // whoever runs the pass is told
  }

  /** Ends the thread if it has not ended itself, which it does once all is seen. */
  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}
