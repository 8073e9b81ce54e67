/**
 * Chooses the backend that encodes, and checks what it gives.
 *
 * @module
 */
import type { ComputeDevice } from "../../compute/device.ts";
import { InputError } from "../../base/errors.ts";
import { timed } from "../../base/work_log.ts";
import type { Disagreement } from "./disagreement.ts";
import { usualChunkBytes } from "./encode_chunks.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import type { EncodingThreads } from "./encoding_threads.ts";
import { encodeGroups, featureGroups } from "./feature_groups.ts";
import { usualKeptBytes } from "./kept_chunks.ts";
import { keptFeatures } from "./kept_features.ts";
import { OrtEncoder } from "./ort_encoder.ts";
import { checkMagnitudes } from "../magnitudes.ts";
import type { Reductions } from "./reductions.ts";
import type { CheckAnswer } from "./apart.ts";
import { findDisagreement } from "./self_check.ts";
import { SplitEncoder } from "./split_encoder.ts";
import { WebGpuEncoder } from "./webgpu_encoder.ts";

/** What will encode on a device. */
export function encoderBackend({ gpu, runtime }: Pick<ComputeDevice, "gpu" | "runtime">): string {
  return gpu === undefined ? `onnxruntime ${runtime.backend}` : "wgsl";
}

/** How an encoder works. */
export interface EncoderOptions {
  /** How much a GPU does at a time, as a fraction of the usual; it changes no result. Default: 1. */
  readonly pieceSize?: number | undefined;
  /** Told in one line when that becomes less for want of memory. */
  readonly onNote?: ((message: string) => void) | undefined;
  /**
   * Threads that share the work of native code; they stay the caller's, and change no byte. Default: none.
   */
  readonly threads?: EncodingThreads | undefined;
}

/**
 * Makes the encoder for a device: shaders on a GPU, an ONNX Runtime session without.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createEncoder, loadSae, openDevice, rowsInMemory } from "@coact/coact";
 *
 * const { sae } = await loadSae("demo/sae/layer6/sae_best.pt");
 * const hidden = rowsInMemory(new Float32Array(3 * sae.width), sae.width); // three hidden states of 0
 * using device = await openDevice("auto");
 * await using encoder = createEncoder(device);
 * const { reductions } = await encoder.encode({ hidden, groupSizes: [1, 2], sae, threshold: 0.1 });
 * assert.equal(reductions.sums.length, 2 * sae.featureCount);
 * ```
 */
export function createEncoder(
  { gpu, runtime }: Pick<ComputeDevice, "gpu" | "runtime">,
  { pieceSize = 1, onNote, threads }: EncoderOptions = {},
): Encoder {
  if (gpu === undefined) {
    const whole = new OrtEncoder(runtime);
    return threads === undefined ? whole : new SplitEncoder(whole, threads);
  }
  const chunkBytes = usualChunkBytes(gpu) * pieceSize;
  // What was too much for a device may have been what stayed there.
  const keptBytes = pieceSize < 1 ? 0 : usualKeptBytes(gpu);
  return new WebGpuEncoder(gpu, { chunkBytes, keptBytes, onNote });
}

/** What is encoded, and on what, for messages. */
export interface EncodeSubject {
  /** What is encoded: `layer 6 (models/sae/layer6/sae_best.pt)`. */
  readonly what: string;
  /** The device. */
  readonly device: string;
}

/**
 * Encodes hidden states and makes sure that float32 carries the result, that it is finite, and, by a
 * sample, that it is right.
 *
 * @throws {InputError} If numbers are too large or too small, or the device computes wrongly.
 */
export async function encodeChecked(
  encoder: Encoder,
  input: EncodeInput,
  { what, device }: EncodeSubject,
): Promise<Encoded> {
  const groups = featureGroups(input.sae);
  if (groups !== undefined) {
    const kept = keptFeatures(input);
    return await encodeGroups(input, { groups, kept }, async (own, { first, count }) => {
      const part = `${what}, features ${first} to ${first + count - 1}`;
      return await encodeChecked(encoder, own, { what: part, device });
    });
  }
  await timed("check", () => checkMagnitudes(input, what));
  const encoded = await timed("encode", () => encoder.encode(input));
  checkFinite(encoded.reductions, { what, device });
  refuse(await timed("check", () => findDisagreement(input, encoded)), { what, device });
  return encoded;
}

/** Who checks encodings, beside the thread that encodes. */
export interface EncodingChecker {
  /** Whether it checks one. */
  checks(input: EncodeInput): boolean;
  /**
   * Checks it.
   *
   * @throws {Error} If a thread has died.
   */
  check(input: EncodeInput, encoded: Encoded): Promise<CheckAnswer>;
}

/**
 * Encodes hidden states, and has them checked by a thread while the one that asks goes on with others.
 *
 * @param checker Where it does not check them, whoever asks does.
 * @returns What came of it, and what the check says: rejected with an {@linkcode InputError} if the
 * device computes wrongly; undefined if this thread has checked.
 * @throws {InputError} If the device fails, or computes wrongly, as far as this thread knows.
 */
export async function encodeAhead(
  encoder: Encoder,
  input: EncodeInput,
  subject: EncodeSubject,
  checker?: EncodingChecker,
): Promise<{ encoded: Encoded; check: Promise<CheckAnswer | undefined> }> {
  if (!checker?.checks(input)) {
    const encoded = await encodeChecked(encoder, input, subject);
    return { encoded, check: Promise.resolve(undefined) };
  }
  const encoded = await timed("encode", () => encoder.encode(input));
  const check = checker.check(input, encoded).then(async (found) => {
    await judgeEncoded(input, encoded, found, subject);
    return found;
  });
  check.catch(() => {}); // it is thrown when it is awaited
  return { encoded, check };
}

/**
 * Makes sure of the same of what was encoded, by what another thread has found.
 *
 * @throws {InputError} If numbers are too large or too small, or the device computes wrongly.
 */
export async function judgeEncoded(
  input: EncodeInput,
  { reductions }: Encoded,
  { greatest, wrong }: Omit<CheckAnswer, "variance">,
  subject: EncodeSubject,
): Promise<void> {
  await checkMagnitudes(input, subject.what, greatest);
  checkFinite(reductions, subject);
  refuse(wrong, subject);
}

function refuse(wrong: Disagreement | undefined, { what, device }: EncodeSubject): void {
  if (wrong === undefined) return;
  throw new InputError(
    `${device} computes wrongly: in ${what} the ${wrong.what} of feature ${wrong.feature} for ` +
      `relation ${wrong.group} in order is ${wrong.found}, but ${wrong.expected} in ${wrong.by}`,
    { advice: { kind: "update_driver" } },
  );
}

/** All that goes into the reductions is small enough for them to be finite. */
function checkFinite({ sums, maxima, featureCount }: Reductions, { what, device }: EncodeSubject) {
  for (let cell = 0; cell < sums.length; cell++) {
    if (Number.isFinite(sums[cell]!) && Number.isFinite(maxima[cell]!)) continue;
    throw new InputError(
      `${device} computes wrongly: in ${what} the activations of feature ${cell % featureCount} ` +
        "are not finite, though float32 carries them",
      { advice: { kind: "update_driver" } },
    );
  }
}
