/**
 * The threads that encode: each has a session of ONNX Runtime of its own.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import { answerRequests } from "../../compute/answer_requests.ts";
import { unpackNativeRuntimeInto } from "../../compute/native_runtime.ts";
import { freeNumbers } from "../feature_rows.ts";
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

/** What it is asked for: to encode, or to give its session's memory back, which does not end with it. */
export type EncodeRequest = EncodeApart | { readonly release: true };

let encoder: OrtEncoder | undefined;

answerRequests<EncodeSetup, EncodeRequest, Encoded | undefined>({
  setUp({ threads, libraries }) {
    if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
    encoder = new OrtEncoder({ backend: "cpu", threads });
  },
  async answer(request) {
    if ("release" in request) {
      await encoder?.[Symbol.asyncDispose]();
      return { answer: undefined };
    }
    try {
      const answer = await timed("encode", () => encodeApart(encoder!, request));
      return { answer, transfer: buffersOf(answer) };
    } finally {
      freeNumbers(request.rows);
    }
  },
});

/** The memory of what was encoded. */
function buffersOf({ reductions, keptActivations }: Encoded): ArrayBuffer[] {
  const { sums, maxima, counts } = reductions;
  const others = EXTRA_REDUCTIONS.flatMap((name) => reductions[name] ?? []);
  return [sums, maxima, counts, keptActivations, ...others].map(({ buffer }) => buffer);
}
