/**
 * The threads that encode: each has a session of ONNX Runtime of its own.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import { answerRequests } from "../../compute/answer_requests.ts";
import { unpackNativeRuntimeInto } from "../../compute/native_runtime.ts";
import { rowsInMemory } from "../../files/rows.ts";
import { wholeRows } from "../feature_rows.ts";
import { type SaeKind, saeOf } from "../sae.ts";
import { ApartEncoder } from "./apart_encoder.ts";
import { type EncodeApart, type EncodedApart, freeInput } from "./encode_apart.ts";
import { LEAST_FEATURES, TILE_QUESTIONS } from "./ort_division.ts";
import { OrtEncoder, TILES_AT_ONCE } from "./ort_encoder.ts";
import { EXTRA_REDUCTIONS } from "./reductions.ts";

/** What each thread is told. */
export interface EncodeSetup {
  /** How many cores it has. */
  readonly threads: number;
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
  /** The kind of SAE that is probably encoded: a session for it is made ahead. */
  readonly expected: SaeKind | undefined;
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
}

/** What it is asked for: to encode, or to give its session's memory back, which does not end with it. */
export type EncodeRequest = EncodeApart | { readonly release: true };

let encoder: ApartEncoder | undefined;
let isWarm: Promise<unknown> | undefined;

answerRequests<EncodeSetup, EncodeRequest, EncodedApart | undefined>({
  setUp({ threads, libraries, expected }) {
    if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
    const whole = new OrtEncoder({ backend: "cpu", threads });
    encoder = new ApartEncoder(whole);
    isWarm = expected && warmUp(whole, expected).catch(() => {}); // what is wrong will be said of an SAE
  },
  async answer(request) {
    await isWarm;
    if ("release" in request) {
      await encoder?.[Symbol.asyncDispose]();
      return { answer: undefined };
    }
    try {
      const answer = await timed("encode", () => encoder!.encode(request));
      return { answer, transfer: buffersOf(answer) };
    } finally {
      freeInput(request);
    }
  },
});

/**
 * Encodes zeros by the least SAE of a kind: a session is made for it, which takes as long as a thread's part of a
 * layer where there are many cores.
 */
async function warmUp(encoder: OrtEncoder, kind: SaeKind): Promise<void> {
  const [width, featureCount, questions] = [1, LEAST_FEATURES, TILES_AT_ONCE * TILE_QUESTIONS];
  const rows = wholeRows(new Float32Array(featureCount), width);
  const bias = new Float32Array(featureCount);
  const shape = { kind, width, featureCount, freeCount: featureCount, slotCount: 0 };
  await encoder.encode({
    hidden: rowsInMemory(new Float32Array(questions), width),
    groupSizes: [questions],
    sae: saeOf(shape, { rows, bias }),
    threshold: 0,
  });
}

/** The memory of what was encoded. */
function buffersOf({ encoded, columns }: EncodedApart): ArrayBuffer[] {
  const { reductions, keptActivations } = encoded;
  const { sums, maxima, counts } = reductions;
  const others = EXTRA_REDUCTIONS.flatMap((name) => reductions[name] ?? []);
  const activations = columns.map(({ values }) => values);
  return [sums, maxima, counts, keptActivations, ...others, ...activations]
    .map(({ buffer }) => buffer);
}
