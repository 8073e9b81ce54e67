/**
 * ONNX Runtime in its three builds, behind one small contract: a model in, tensors through it.
 *
 * A session knows nothing of language models or autoencoders.
 *
 * @module
 */
import { type InferenceSession, Tensor } from "onnxruntime-common";
import { basename, dirname } from "node:path";
import { InputError, messageOf } from "../errors.ts";
import { FileSource } from "../files/byte_source.ts";
import { elementCount, readFloat32, type StoredTensor } from "../tensors/stored_tensor.ts";
import type { Gpu } from "./gpu.ts";
import { GpuMemoryError } from "./gpu_failures.ts";
import { loadNativeRuntime } from "./native_runtime.ts";
import type { ElementType, ExternalData } from "./onnx_graph.ts";
import { withSteadyMemory } from "./steady_memory.ts";

/**
 * Where a session computes: `cpu` is onnxruntime-node, native code; `wasm` and `webgpu` are
 * onnxruntime-web.
 */
export type OrtBackend = "cpu" | "wasm" | "webgpu";

/** What a session is made on. */
export interface OrtRuntime {
  /** The build of ONNX Runtime. */
  readonly backend: OrtBackend;
  /** How many threads compute. */
  readonly threads: number;
  /** The GPU to use, for `webgpu`. */
  readonly gpu?: Gpu | undefined;
}

/** The weights that a model takes from a file. */
export interface SessionWeights {
  /** The file. */
  readonly path: string;
  /** The tensors in it that the model uses. */
  readonly tensors: readonly StoredTensor[];
}

/** An input of a run. */
export type Feed =
  | { readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly data: Int32Array; readonly shape: readonly number[] }
  | { readonly data: BigInt64Array; readonly shape: readonly number[] };

/** A model that is ready to run. Whoever made it releases it. */
export interface OrtSession {
  /**
   * Runs the model; all outputs are float32, by name, rows first.
   *
   * @throws {GpuMemoryError} If the GPU has too little memory; a new session may do with less.
   * @throws {GpuLostError} If the GPU was lost.
   * @throws {InputError} If ONNX Runtime or the GPU fail otherwise.
   */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array<ArrayBuffer>>>;
  /** Gives the model's memory back. */
  release(): Promise<void>;
}

/** A weight as a model is to declare it. */
export interface PlacedWeight {
  /** The type of its elements, once ONNX Runtime has it. */
  readonly type: ElementType;
  /** Where ONNX Runtime is to look for it. */
  readonly data: ExternalData;
}

/** How a model is to declare a weight so that {@linkcode createOrtSession} finds its bytes. */
export function placeWeight(backend: OrtBackend, path: string, tensor: StoredTensor): PlacedWeight {
  const { name, dataType, shape, offset, byteLength } = tensor;
  if (backend === "cpu") {
    // Native code maps the file itself, whatever the precision.
    const data = { location: basename(path), offset, length: byteLength };
    return { type: dataType as ElementType, data };
  }
  // To WebAssembly each weight is handed as a file of its own; in float32, for WebGPU devices
  // without shader-f16 can do nothing with other precisions, not even widen them.
  return { type: "float32", data: { location: name, offset: 0, length: 4 * elementCount(shape) } };
}

/**
 * Makes a session.
 *
 * @param model The bytes of an ONNX model.
 * @throws {InputError} If the weights cannot be read, or ONNX Runtime cannot be loaded, refuses the
 * model or fails on it, as for lack of memory; if a GPU did, as {@linkcode OrtSession} says it.
 */
export async function createOrtSession(
  runtime: OrtRuntime,
  model: Uint8Array,
  weights?: SessionWeights,
): Promise<OrtSession> {
  const create = runtime.backend === "cpu" ? createNative : createWeb;
  const session = await create(runtime, model, weights).catch((error) => fail(runtime, error));
  const release = () => session.release().catch(() => {}); // a lost GPU has nothing to give back
  const check = async () => await runtime.gpu?.failures.check(); // not all reaches ONNX Runtime
  await check().catch(async (error) => {
    await release();
    throw error;
  });
  return {
    async run(feeds) {
      const outputs = await session.run(tensorsOf(feeds)).catch((error) => fail(runtime, error));
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

/** How ONNX Runtime says that a GPU has too little memory, if it notices before the GPU says it. */
const OUT_OF_MEMORY = /out of memory|bad_alloc|failed to create GPU buffer/i;

async function fail({ backend, gpu }: OrtRuntime, error: unknown): Promise<never> {
  if (error instanceof InputError) throw error;
  const message = messageOf(error);
  const cause = await gpu?.failures.causeOf(message);
  if (cause !== undefined) throw cause;
  if (gpu !== undefined && OUT_OF_MEMORY.test(message)) {
    throw new GpuMemoryError(`The GPU ${gpu.name} has too little memory: ${message}`);
  }
  throw new InputError(`ONNX Runtime on ${backend} failed: ${message}`, {
    advice: { kind: "another_device" },
  });
}

/** Fatal ones only: errors come as exceptions, too, and there are warnings for every odd node. */
const LOG_SEVERITY = 4;

async function createNative(
  { threads }: OrtRuntime,
  model: Uint8Array,
  weights?: SessionWeights,
): Promise<InferenceSession> {
  const { InferenceSession } = await loadNativeRuntime();
  return await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    logSeverityLevel: LOG_SEVERITY,
    // Source of the keys: onnxruntime_session_options_config_keys.h
    extra: {
      session: {
        // Threads that wait sleep: spinning gains nothing here, and takes the cores from others.
        intra_op: { allow_spinning: "0" },
        // The folder in which native code looks for external data of a model that is no file.
        ...(weights && { model_external_initializers_file_folder_path: dirname(weights.path) }),
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
  // The WebGPU build starts its threads from a blob, which Deno does not load; it needs none.
  env.wasm.numThreads = backend === "webgpu" ? 1 : threads;
  env.logLevel = "fatal";
  const options = {
    executionProviders: [backend === "webgpu" ? { name: "webgpu", device: gpu?.device } : "wasm"],
    logSeverityLevel: LOG_SEVERITY,
    externalData: weights ? await readWeights(weights) : [],
  } satisfies InferenceSession.SessionOptions;
  return await withSteadyMemory(() => InferenceSession.create(model, options));
}

async function readWeights({ path, tensors }: SessionWeights) {
  using source = await FileSource.open(path);
  const files = [];
  for (const tensor of tensors) {
    const { buffer, byteOffset, byteLength } = await readFloat32(source, tensor);
    files.push({ path: tensor.name, data: new Uint8Array(buffer, byteOffset, byteLength) });
  }
  return files;
}

function tensorsOf(feeds: Readonly<Record<string, Feed>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      tensorOf(data, shape),
    ]),
  );
}

function tensorOf(data: Feed["data"], shape: readonly number[]): Tensor {
  if (data instanceof Float32Array) return new Tensor("float32", data, shape);
  if (data instanceof Int32Array) return new Tensor("int32", data, shape);
  return new Tensor("int64", data, shape);
}
