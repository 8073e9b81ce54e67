/**
 * A WebGPU device of Deno's: made in one place, with one way to upload, run and read back.
 *
 * A Gpu knows nothing of language models or autoencoders.
 *
 * @module
 */
import { adapterName, isSoftwareAdapter } from "./gpu_adapter.ts";
import { GpuFailures } from "./gpu_failures.ts";
import { uploadWithoutMapping } from "./mapped_at_creation.ts";
import { unmapQuietly } from "./quiet_unmap.ts";
import { type Kernel, prepareKernel } from "./kernel.ts";
import { type Readback, readBack } from "./read_back.ts";
import { writeInPieces } from "./write_in_pieces.ts";

/** Limits to raise to what the adapter can do, each with the reason. */
export const WANTED_LIMITS = [
  "maxBufferSize", // weights of large models and SAEs
  "maxStorageBufferBindingSize", // the same
  "maxStorageBuffersPerShaderStage", // ONNX Runtime's kernels
  "maxComputeWorkgroupStorageSize", // ONNX Runtime's kernels
  "maxComputeInvocationsPerWorkgroup", // ONNX Runtime's kernels
  "maxComputeWorkgroupSizeX", // ONNX Runtime's kernels
  "maxComputeWorkgroupSizeY", // ONNX Runtime's kernels
  "maxComputeWorkgroupSizeZ", // ONNX Runtime's kernels
] as const;

/** Features to ask for where the adapter has them: kernels are timed with the first. */
const OPTIONAL_FEATURES = ["timestamp-query"] as const satisfies GPUFeatureName[];

/** A device with its kernels. Whoever opens it destroys it; buffers belong to who makes them. */
export class Gpu implements Disposable {
  /** The device, for ONNX Runtime to share. */
  readonly device: GPUDevice;
  /** What to call it. */
  readonly name: string;
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** What goes wrong with it. */
  readonly failures: GpuFailures;
  #kernels = new Map<string, Promise<Kernel>>();

  private constructor(device: GPUDevice, name: string, isSoftware: boolean) {
    this.device = device;
    this.name = name;
    this.isSoftware = isSoftware;
    this.failures = new GpuFailures(device, name);
    uploadWithoutMapping(device);
    unmapQuietly(device, (error) => this.failures.add(error));
  }

  /**
   * Opens a device on an adapter, with the adapter's own limits.
   *
   * Workaround: the feature `subgroups` is not asked for. ONNX Runtime 1.30 would then begin shaders
   * with `enable subgroups;`, which the compiler of Deno 2.9.6 (naga, of wgpu 29) refuses: see
   * https://github.com/gfx-rs/wgpu/issues/5555. It shows as "the `subgroups` enable-extension is not
   * yet supported" once a language model runs on a GPU. To be deleted when naga takes that line.
   */
  static async open(adapter: GPUAdapter): Promise<Gpu> {
    const requiredLimits: Record<string, number> = {};
    for (const name of WANTED_LIMITS) {
      const limit = adapter.limits[name];
      requiredLimits[name] = limit - limit % 4;
    }
    const requiredFeatures = OPTIONAL_FEATURES.filter((name) => adapter.features.has(name));
    const device = await adapter.requestDevice({
      label: "coact",
      requiredLimits,
      requiredFeatures,
    });
    return new Gpu(device, adapterName(adapter), isSoftwareAdapter(adapter));
  }

  /** The most bytes that one storage buffer can have. */
  get maxStorageBytes(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /**
   * Prepares a shader's entry point to be run, once: it is compiled, and its bindings are known.
   *
   * @throws {ShaderError} If the shader does not compile.
   */
  prepare(entryPoint: string, code: string): Promise<Kernel> {
    const key = `${entryPoint}\n${code}`;
    const kernel = this.#kernels.get(key) ?? prepareKernel(this.device, entryPoint, code);
    this.#kernels.set(key, kernel);
    return kernel;
  }

  /** Makes a storage buffer that shaders can write and the host can read back. */
  storage(label: string, byteLength: number): GPUBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const size = Math.max(16, byteLength + (-byteLength & 3));
    return this.device.createBuffer({ label, size, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Makes a storage buffer with these contents. */
  uploaded(label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    return this.#filled(this.storage(label, data.byteLength), (buffer) => {
      const { byteOffset, byteLength } = data;
      writeInPieces(this.device, buffer, new Uint8Array(data.buffer, byteOffset, byteLength));
    });
  }

  /** Makes a uniform buffer with these contents. */
  uniform(label: string, data: ArrayBuffer): GPUBuffer {
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    const size = data.byteLength + (-data.byteLength & 15);
    const buffer = this.device.createBuffer({ label, size, usage: UNIFORM | COPY_DST });
    return this.#filled(buffer, () => this.device.queue.writeBuffer(buffer, 0, data));
  }

  /** A buffer that was filled, or destroyed if that failed. */
  #filled(buffer: GPUBuffer, fill: (buffer: GPUBuffer) => void): GPUBuffer {
    try {
      fill(buffer);
    } catch (error) {
      buffer.destroy();
      throw error;
    }
    return buffer;
  }

  /** Runs a kernel over a grid of workgroups, with buffers bound in order. */
  dispatch(
    { label, pipeline, layout }: Kernel,
    buffers: readonly GPUBuffer[],
    [x, y]: readonly [number, number],
    timestampWrites?: GPUComputePassTimestampWrites,
  ): void {
    const bindGroup = this.device.createBindGroup({
      label,
      layout,
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const commands = this.device.createCommandEncoder({ label });
    const pass = commands.beginComputePass({
      label,
      ...(timestampWrites && { timestampWrites }),
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(x, y);
    pass.end();
    this.device.queue.submit([commands.finish()]);
  }

  /** Whether kernels can be timed on the device. */
  get hasTimestamps(): boolean {
    return this.device.features.has("timestamp-query");
  }

  /**
   * Reads buffers back, all in one transfer, for each costs milliseconds of waiting.
   *
   * @returns The contents of each, as float32.
   * @throws {InputError} If the device reported an error, as {@linkcode GpuFailures.check} does.
   */
  async read(buffers: readonly GPUBuffer[]): Promise<Float32Array<ArrayBuffer>[]> {
    const sources = buffers.map((buffer) => {
      const length = buffer.size / 4;
      const values = new Float32Array(length);
      const take = (piece: Float32Array, first: number) => values.set(piece, first);
      return { buffer, length, values, take };
    });
    await this.readPieces(sources);
    return sources.map(({ values }) => values);
  }

  /**
   * The same, but what is read is shown piece by piece to who takes it, and nothing is made for it.
   *
   * @throws {InputError} As {@linkcode read} does.
   */
  async readPieces(sources: readonly Readback[]): Promise<void> {
    await readBack(this.device, this.failures, sources);
  }

  /** Gives the device back. */
  destroy(): void {
    this.failures.giveBack();
    this.device.destroy();
  }

  /** Gives the device back at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}
