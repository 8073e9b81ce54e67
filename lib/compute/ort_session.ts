/**
 * ONNX Runtime in its four builds, behind one small contract: a model in, tensors through it.
 *
 * A session knows nothing of language models or autoencoders.
 *
 * @module
 */
import { type InferenceSession, Tensor } from "onnxruntime-common";
import { InputError, messageOf } from "../base/errors.ts";
import type { Gpu } from "./gpu.ts";
import { failureIn } from "./gpu_failures.ts";
import { loadNativeRuntime } from "./native_runtime.ts";
import { isNative, type OrtBackend } from "./ort_backend.ts";
import type { SessionWeights } from "./session_weights.ts";
import { withSteadyMemory } from "./steady_memory.ts";
import { withWasmBinary } from "./wasm_binary.ts";

/** What a session is made on. */
export interface OrtRuntime {
  /** The build of ONNX Runtime. */
  readonly backend: OrtBackend;
  /** How many threads compute. */
  readonly threads: number;
  /** The GPU to use, for `webgpu`; for `webgpu-native` the same one as Deno knows it. */
  readonly gpu?: Gpu | undefined;
  /** Whether threads of native code spin while they wait for each other. Default: they sleep. */
  readonly spins?: boolean | undefined;
}

/** An input of a run. */
export type Feed =
  | { readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly data: Int32Array; readonly shape: readonly number[] }
  | { readonly data: BigInt64Array; readonly shape: readonly number[] };

/** Memory for an output. */
export interface Room {
  /** As many numbers as the output has. */
  readonly data: Float32Array<ArrayBuffer>;
  /** The output's shape. */
  readonly shape: readonly number[];
}

/** A model that is ready to run. Whoever made it releases it. */
export interface OrtSession {
  /**
   * Runs the model; all outputs are float32, by name, rows first.
   *
   * @param into Where native code is to write outputs, by name; what is not named, and all outputs of other
   * builds, gets memory of its own. A result is in what is given back in either case.
   * @throws {GpuMemoryError} If the GPU has too little memory; a new session may do with less.
   * @throws {GpuLostError} If the GPU was lost.
   * @throws {InputError} If ONNX Runtime or the GPU fail otherwise.
   */
  run(
    feeds: Readonly<Record<string, Feed>>,
    into?: Readonly<Record<string, Room>>,
  ): Promise<Record<string, Float32Array<ArrayBuffer>>>;
  /** Gives the model's memory back. */
  release(): Promise<void>;
}

/**
 * Makes a session.
 *
 * @param model The bytes of an ONNX model.
 * @param weights What it takes from files, if it does.
 * @throws {InputError} If the weights cannot be read, or ONNX Runtime cannot be loaded, refuses the
 * model or fails on it, as for lack of memory; if a GPU did, as {@linkcode OrtSession} says it.
 */
export async function createOrtSession(
  runtime: OrtRuntime,
  model: Uint8Array,
  weights?: SessionWeights,
): Promise<OrtSession> {
  const create = isNative(runtime.backend) ? createNative : createWeb;
  const session = await create(runtime, model, weights).catch((error) => fail(runtime, error));
  const release = () => session.release().catch(() => {}); // a lost GPU has nothing to give back
  const check = async () => await runtime.gpu?.failures.check(); // not all reaches ONNX Runtime
  await check().catch(async (error) => {
    await release();
    throw error;
  });
  return {
    async run(feeds, into = {}) {
      const fetches = runtime.backend === "cpu" && Object.keys(into).length > 0
        ? await fetchesOf(session, into)
        : session.outputNames;
      const outputs = await session.run(tensorsOf(feeds), fetches)
        .catch((error) => fail(runtime, error));
      await rest();
      await check();
      return Object.fromEntries(
        Object.entries(outputs).map((
          [name, value],
        ) => [name, value.data as Float32Array<ArrayBuffer>]),
      );
    },
    release,
  };
}

/** How long a thread works without a rest, in milliseconds. */
const WORK = 100;
let rested = performance.now();

/**
 * Lets the thread rest for a moment, now and then. Runs keep it busy, and Deno asks the operating
 * system for interrupts, and for files that have been read, once the thread rests or every 61 events.
 */
async function rest(): Promise<void> {
  if (performance.now() - rested < WORK) return;
  await new Promise((resolve) => setTimeout(resolve, 1));
  rested = performance.now();
}

async function fail({ backend, gpu }: OrtRuntime, error: unknown): Promise<never> {
  if (error instanceof InputError) throw error;
  const message = messageOf(error);
  const said = gpu && failureIn(message, { name: gpu.name, isNative: backend === "webgpu-native" });
  const cause = backend === "webgpu" ? await gpu?.failures.causeOf(message) ?? said : said;
  if (cause !== undefined) throw cause;
  throw new InputError(`ONNX Runtime on ${backend} failed: ${message}`, {
    advice: { kind: "another_device" },
  });
}

/** Fatal ones only: errors come as exceptions, too, and there are warnings for every odd node. */
const LOG_SEVERITY = 4;

async function createNative(
  { backend, threads, spins = false }: OrtRuntime,
  model: Uint8Array,
  weights?: SessionWeights,
): Promise<InferenceSession> {
  const { InferenceSession } = await loadNativeRuntime();
  return await InferenceSession.create(model, {
    executionProviders: [backend === "cpu" ? "cpu" : "webgpu"],
    intraOpNumThreads: threads,
    logSeverityLevel: LOG_SEVERITY,
    // Source of the keys: onnxruntime_session_options_config_keys.h
    extra: {
      session: {
        // Threads that wait sleep: spinning takes the cores from others, the other half of a language
        // model among them. `bench --parts batches` measures both.
        intra_op: { allow_spinning: spins ? "1" : "0" },
        // The folder in which native code looks for external data of a model that is no file.
        ...(weights && { model_external_initializers_file_folder_path: weights.folder }),
      },
    },
  });
}

async function createWeb(
  { backend, threads, gpu }: OrtRuntime,
  model: Uint8Array,
  weights?: SessionWeights,
): Promise<InferenceSession> {
  const { InferenceSession, env } = backend === "webgpu"
    ? await import("onnxruntime-web/webgpu")
    : await import("onnxruntime-web");
  // Workaround: the WebGPU build of onnxruntime-web 1.30 starts its threads from a blob, which Deno
  // 2.9.6 does not load as a worker of that kind (https://github.com/microsoft/onnxruntime/issues/16800);
  // it needs none. To see it, give it `threads`: no session is ever made. To be deleted when one is.
  env.wasm.numThreads = backend === "webgpu" ? 1 : threads;
  env.logLevel = "fatal";
  const options = {
    executionProviders: [backend === "webgpu" ? { name: "webgpu", device: gpu?.device } : "wasm"],
    logSeverityLevel: LOG_SEVERITY,
    externalData: await weights?.read() ?? [],
  } satisfies InferenceSession.SessionOptions;
  return await withWasmBinary(
    env.wasm,
    backend === "webgpu" ? backend : "wasm",
    () => withSteadyMemory(() => InferenceSession.create(model, options)),
  );
}

function tensorsOf(feeds: Readonly<Record<string, Feed>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      tensorOf(data, shape),
    ]),
  );
}

/** All outputs, and where those are to go that have a place. */
async function fetchesOf(
  { outputNames }: InferenceSession,
  into: Readonly<Record<string, Room>>,
): Promise<InferenceSession.NullableOnnxValueMapType> {
  const { Tensor } = await loadNativeRuntime(); // which passes over those of another class of that name
  return Object.fromEntries(outputNames.map((name) => {
    const room = into[name];
    return [name, room === undefined ? null : new Tensor("float32", room.data, room.shape)];
  }));
}

function tensorOf(data: Feed["data"], shape: readonly number[]): Tensor {
  if (data instanceof Float32Array) return new Tensor("float32", data, shape);
  if (data instanceof Int32Array) return new Tensor("int32", data, shape);
  return new Tensor("int64", data, shape);
}
