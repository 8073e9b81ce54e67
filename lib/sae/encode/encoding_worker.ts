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
import { ColumnPieces } from "./columns.ts";
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

/** Memory of a length among some that was handed over, else new one. */
function takeRoom(rooms: Float32Array<ArrayBuffer>[], length: number): Float32Array<ArrayBuffer> {
  const at = rooms.findIndex((room) => room.length === length);
  return at < 0 ? new Float32Array(length) : rooms.splice(at, 1)[0]!;
}

async function encode(
  { states: given, sae, weight, how, rooms: handed }: EncodeRequest,
): Promise<EncodingAnswer> {
  if (given !== undefined) takeStates(given);
  const { width, featureCount } = sae;
  const rows = wholeRows(weight.subarray(0, featureCount * width), width);
  const hidden = rowsInMemory(states, width);
  const rooms = handed && [...handed];
  const run = { first: 0, count: featureCount };
  const into = rooms && new ColumnPieces(run, hidden.count, (length) => takeRoom(rooms, length));
  const task = { ...how, hidden, sae: { ...sae, rows }, into };
  const encoded = await timed("encode", () => encoder.encodeTask(task));
  return { encoded, weight, columns: into?.pieces };
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
      const arrays = [
        ...Object.values(reductions).filter((each) => ArrayBuffer.isView(each)),
        ...(answer.columns ?? []).map(({ values }) => values),
        keptActivations,
        answer.weight!,
      ];
      return { answer, transfer: arrays.map(({ buffer }) => buffer as ArrayBuffer) };
    },
  });
}
