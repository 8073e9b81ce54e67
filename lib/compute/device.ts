/**
 * Decides where to compute, and can say why.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { Gpu } from "./gpu.ts";
import { adapterName, isSoftwareAdapter } from "./gpu_adapter.ts";
import { fasterDevice, type Work } from "./faster_device.ts";
import { gpuRuntimeOf } from "./gpu_facts.ts";
import type { GpuRuntimeChoice } from "./gpu_runtime.ts";
import { hasNativeRuntime, whyNoNativeRuntime } from "./native_runtime.ts";
import { endTrials, tryNativeWebGpu } from "./native_webgpu.ts";
import type { OrtRuntime } from "./ort_session.ts";
import { findAdapter, requireAdapter } from "./find_adapter.ts";

/** What a user may ask for. */
export type DeviceRequest = (typeof DEVICE_REQUESTS)[number];

/**
 * All that a user may ask for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DEVICE_REQUESTS } from "@coact/coact";
 *
 * assert.deepEqual(DEVICE_REQUESTS, ["auto", "gpu", "cpu", "wasm"]);
 * ```
 */
export const DEVICE_REQUESTS = ["auto", "gpu", "cpu", "wasm"] as const;

/** Where the language model and the SAEs run. Whoever opened it closes it, by `using`. */
export interface ComputeDevice extends Disposable {
  /** What was asked for. */
  readonly requested: DeviceRequest;
  /** What was chosen. */
  readonly kind: Exclude<DeviceRequest, "auto">;
  /** What it is, as results name it: without the number of threads, which changes no number. */
  readonly name: string;
  /** Why it was chosen. */
  readonly reason: string;
  /** What the language model runs on. */
  readonly runtime: OrtRuntime;
  /** The GPU that runs the SAE shaders; without one the SAEs run on `runtime`. */
  readonly gpu?: Gpu | undefined;
}

/** A device, but for what was asked for. */
type OpenedDevice = Omit<ComputeDevice, "requested">;

/**
 * Opens the device that was asked for; `auto` takes a hardware GPU if the job is done sooner there by
 * {@linkcode fasterDevice}'s rule, then native code, then wasm.
 *
 * @param requested Which.
 * @param work The job, for `auto`. Default: a large one.
 * @param options What is done meanwhile.
 * @throws {InputError} If it was asked for by name and is not there.
 *
 * @example
 * ```ts
 * import { describeDevice, openDevice } from "@coact/coact";
 *
 * using device = await openDevice("auto");
 * console.log(`${describeDevice(device)}, because ${device.reason}`);
 * ```
 */
export async function openDevice(
  requested: DeviceRequest,
  work?: Work,
  options: OpenOptions = {},
): Promise<ComputeDevice> {
  return { requested, ...await OPENERS[requested]({ work, ...options }) };
}

/** What is done while a device is opened. */
export interface OpenOptions {
  /** Given a GPU once it is open, while it is being found out what runs the language model there. */
  readonly onGpu?: ((gpu: Gpu) => void) | undefined;
  /** Whether a language model is to run there, rather than SAEs alone. Default: yes. */
  readonly runsModel?: boolean | undefined;
}

/**
 * Begins with what {@linkcode openDevice} may have to wait for, in a thread of its own, while the
 * caller reads its inputs: whether onnxruntime-node's WebGPU works. It opens nothing and never fails.
 *
 * @returns What ends it, once the device is opened and closed, or is not opened at all.
 */
export function prepareDevice(requested: DeviceRequest): Disposable {
  const begin = async () => {
    const adapter = await findAdapter();
    if (adapter === null || isSoftwareAdapter(adapter) || !hasNativeRuntime()) return;
    await tryNativeWebGpu(); // what comes of it may not be wanted, for there may be GPUs of several kinds
  };
  if (requested === "gpu" || requested === "auto") {
    begin().catch(() => {}); // whoever opens the device is told
  }
  return { [Symbol.dispose]: () => void endTrials() };
}

/**
 * What a device is, for a reader: its name, and on how many threads of a CPU it computes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeDevice, openDevice } from "@coact/coact";
 *
 * using device = await openDevice("wasm");
 * assert.match(describeDevice(device), /^onnxruntime-web in WebAssembly on \d+ CPU thread/);
 * ```
 */
export function describeDevice({ kind, name, runtime: { threads } }: ComputeDevice): string {
  return kind === "gpu" ? name : `${name} on ${threads} CPU thread${threads === 1 ? "" : "s"}`;
}

/** What runs on a GPU where no language model does: nothing else is looked for. */
const ENCODES_ALONE: GpuRuntimeChoice = { backend: "webgpu", reason: undefined };

/** What is to be opened, and what is done meanwhile. */
interface Opening extends OpenOptions {
  readonly work?: Work | undefined;
}

const OPENERS: Record<DeviceRequest, (opening: Opening) => Promise<OpenedDevice>> = {
  auto: chooseDevice,
  gpu: requireGpu,
  cpu: requireNative,
  wasm: () => Promise.resolve(openWasm("asked for")),
};

async function chooseDevice({ work, ...options }: Opening): Promise<OpenedDevice> {
  const adapter = await findAdapter();
  let why = "no GPU is there";
  if (adapter !== null) {
    const { takesGpu, reason } = fasterDevice({
      gpu: adapterName(adapter),
      isSoftware: isSoftwareAdapter(adapter),
      isNativeThere: hasNativeRuntime(),
      threads: navigator.hardwareConcurrency,
    }, work);
    why = reason;
    try {
      if (takesGpu) return await openGpu(adapter, reason, options);
    } catch (error) {
      why = messageOf(error);
    }
  }
  const missing = await whyNoNativeRuntime();
  return missing === undefined ? openNative(why) : openWasm(`${why}, and ${missing}`);
}

async function requireGpu(options: OpenOptions): Promise<OpenedDevice> {
  const adapter = await requireAdapter();
  const reason = isSoftwareAdapter(adapter)
    ? "asked for; it is a program on the CPU, slower than native code"
    : "asked for";
  return await openGpu(adapter, reason, options);
}

async function openGpu(
  adapter: GPUAdapter,
  reason: string,
  { onGpu = () => {}, runsModel = true }: OpenOptions,
): Promise<OpenedDevice> {
  const gpu = await Gpu.open(adapter).catch((error) => {
    throw new InputError(
      `The GPU ${adapterName(adapter)} cannot be opened: ${messageOf(error)}`,
      { advice: { kind: "use_device", device: "cpu" } },
    );
  });
  onGpu(gpu);
  const choice = runsModel ? await gpuRuntimeOf(gpu) : ENCODES_ALONE;
  const { backend } = choice;
  return {
    kind: "gpu",
    name: gpu.name,
    reason: choice.reason === undefined ? reason : `${reason}; ${choice.reason}`,
    runtime: {
      backend,
      threads: backend === "webgpu" ? 1 : navigator.hardwareConcurrency,
      gpu,
    },
    gpu,
    [Symbol.dispose]: () => {
      void endTrials();
      gpu.destroy();
    },
  };
}

async function requireNative(): Promise<OpenedDevice> {
  const missing = await whyNoNativeRuntime();
  if (missing === undefined) return openNative("asked for");
  throw new InputError(missing, {
    subject: { setting: "device", value: "cpu" },
    advice: { kind: "use_device", device: "wasm" },
  });
}

function openNative(reason: string): OpenedDevice {
  return {
    kind: "cpu",
    name: "onnxruntime-node",
    reason,
    runtime: { backend: "cpu", threads: navigator.hardwareConcurrency },
    [Symbol.dispose]: () => {},
  };
}

function openWasm(reason: string): OpenedDevice {
  return {
    kind: "wasm",
    name: "onnxruntime-web in WebAssembly",
    reason,
    runtime: { backend: "wasm", threads: navigator.hardwareConcurrency },
    [Symbol.dispose]: () => {},
  };
}
