/**
 * The threads that encode: each has a session of ONNX Runtime of its own.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import { answerRequests } from "../../compute/answer_requests.ts";
import { unpackNativeRuntimeInto } from "../../compute/native_runtime.ts";
import { type EncodeApart, encodeApart } from "./encode_apart.ts";
import type { Encoded } from "./encoder.ts";
import { OrtEncoder } from "./ort_encoder.ts";
import { EXTRA_REDUCTIONS } from "./reductions.ts";

/** What each thread is told. */
export interface EncodeSetup {
  /** How many cores it has. */
  readonly threads: number;
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
}

let encoder: OrtEncoder | undefined;

answerRequests<EncodeSetup, EncodeApart, Encoded>({
  setUp({ threads, libraries }) {
    if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
    encoder = new OrtEncoder({ backend: "cpu", threads });
  },
  async answer(request) {
    const answer = await timed("encode", () => encodeApart(encoder!, request));
    return { answer, transfer: buffersOf(answer) };
  },
});

/** The memory of what was encoded. */
function buffersOf({ reductions, keptActivations }: Encoded): ArrayBuffer[] {
  const { sums, maxima, counts } = reductions;
  const others = EXTRA_REDUCTIONS.flatMap((name) => reductions[name] ?? []);
  return [sums, maxima, counts, keptActivations, ...others].map(({ buffer }) => buffer);
}
