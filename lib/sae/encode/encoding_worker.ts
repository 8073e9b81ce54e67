/**
 * The thread of {@linkcode EncodingThread}: it encodes with sessions of its own.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import { answerRequests } from "../../compute/answer_requests.ts";
import { unpackNativeRuntimeInto } from "../../compute/native_runtime.ts";
import { rowsInMemory } from "../../files/rows.ts";
import { wholeRows } from "../feature_rows.ts";
import type {
  EncodeRequest,
  EncodingAnswer,
  EncodingRequest,
  EncodingSetup,
} from "./encoding_messages.ts";
import { OrtEncoder } from "./ort_encoder.ts";

let encoder: OrtEncoder;
let states: Float32Array<ArrayBuffer> = new Float32Array();

/** ONNX Runtime takes no memory that threads share: it is copied into that of the states before. */
function takeStates(given: Float32Array): void {
  if (given.buffer instanceof ArrayBuffer) {
    states = given as Float32Array<ArrayBuffer>;
    return;
  }
  if (states.length !== given.length) states = new Float32Array(given.length);
  states.set(given);
}

async function encode({ states: given, sae, weight, how }: EncodeRequest): Promise<EncodingAnswer> {
  if (given !== undefined) takeStates(given);
  const { width, featureCount } = sae;
  const rows = wholeRows(weight.subarray(0, featureCount * width), width);
  const task = { ...how, hidden: rowsInMemory(states, width), sae: { ...sae, rows } };
  return { encoded: await timed("encode", () => encoder.encodeTask(task)), weight };
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
  answerRequests<EncodingSetup, EncodingRequest, EncodingAnswer>({
    setUp({ threads, libraries }) {
      if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
      encoder = new OrtEncoder({ backend: "cpu", threads });
    },
    async answer(request) {
      if (request === "close") {
        await encoder[Symbol.asyncDispose]();
        return { answer: {} };
      }
      const answer = await encode(request);
      const { reductions, keptActivations } = answer.encoded!;
      const arrays = Object.values(reductions).filter((each) => ArrayBuffer.isView(each));
      const buffers = [...arrays, keptActivations, answer.weight!].map(({ buffer }) => buffer);
      return { answer, transfer: buffers as ArrayBuffer[] };
    },
  });
}
