/**
 * The thread in which onnxruntime-node's WebGPU is tried: it multiplies two matrices there and
 * compares the result. Its session, and with it ONNX Runtime's device, stays until it is told to give it back. Then
 * the language model may have its session there.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { workClock, type WorkKind, type WorkSpan } from "../base/work_log.ts";
import { loadNativeRuntime, unpackNativeRuntimeInto } from "./native_runtime.ts";
import type { TrialAnswer, TrialCall, TrialRequest, TrialSaid } from "./native_webgpu_messages.ts";
import { OnnxGraph } from "./onnx_graph.ts";
import { createOrtSession, type OrtSession } from "./ort_session.ts";
import { SessionHost } from "./session_host.ts";
import { talk } from "./thread_talk.ts";

/** Rows and columns. */
const SIZE = 64;
/** How much is told of an error, in letters. */
const LINE = 300;
/** What the thread is called where somebody watches. */
const THREAD = "trial of onnxruntime-node's WebGPU";

let session: OrtSession | undefined;

/** The product of two matrices of small whole numbers, which float32 holds exactly. */
async function compute({ libraries }: TrialRequest): Promise<TrialAnswer> {
  const work: WorkSpan[] = [];
  let start = performance.timeOrigin; // loading the modules counts
  const note = (kind: WorkKind) => {
    const end = workClock();
    work.push({ kind, thread: THREAD, start, end });
    start = end;
  };
  if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
  const runtime = await loadNativeRuntime();
  const backends = runtime.listSupportedBackends?.() ?? [];
  if (!backends.some(({ name }) => name === "webgpu")) {
    return { failure: "it has none on this platform" };
  }
  const graph = new OnnxGraph("trial");
  const [a, b] = ["a", "b"].map((name) => graph.input(name, "float32", [SIZE, SIZE]));
  graph.output(graph.node("MatMul", [a!, b!], { output: "c" }), "float32", [SIZE, SIZE]);
  const model = await graph.encode();
  note("start");
  session = await createOrtSession({ backend: "webgpu-native", threads: 1 }, model);
  note("start");
  const matrix = (step: number) => Float32Array.from({ length: SIZE ** 2 }, (_, i) => i * step % 7);
  const [left, right] = [matrix(3), matrix(5)];
  const shape = [SIZE, SIZE];
  const { c } = await session.run({ a: { data: left, shape }, b: { data: right, shape } });
  note("language model");
  return isProduct(c!, left, right) ? { work } : { failure: "it computes wrongly" };
}

function isProduct(product: Float32Array, left: Float32Array, right: Float32Array): boolean {
  return product.length === SIZE ** 2 && product.every((value, at) => {
    const [row, column] = [Math.floor(at / SIZE), at % SIZE];
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += left[row * SIZE + k]! * right[k * SIZE + column]!;
    return value === sum;
  });
}

/** What went wrong, in a line, without the place in ONNX Runtime's source that comes first. */
function lineOf(error: unknown): string {
  return messageOf(error).replace(/^.* was false\. /s, "").split("\n")[0]!.slice(0, LINE);
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
  const host = new SessionHost();
  const say = talk(async (call: TrialCall) => {
    if ("libraries" in call) {
      const answer: TrialSaid = await compute(call).catch((error) => ({ failure: lineOf(error) }));
      return say(answer);
    }
    if ("session" in call) {
      return host.hear(call.session, (session, moved) => {
        say({ session } satisfies TrialSaid, moved);
      });
    }
    const trial = session;
    session = undefined;
    await trial?.release();
    if ("endTrial" in call) return;
    await host.idle;
    say({ released: true } satisfies TrialSaid);
  });
}
