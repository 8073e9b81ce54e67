/**
 * A WebGPU device of Deno's: made in one place, with one way to upload, run and read back.
 *
 * A Gpu knows nothing of language models or autoencoders.
 *
 * @module
 */
import { GpuFailures } from "./gpu_failures.ts";
import { uploadWithoutMapping } from "./mapped_at_creation.ts";
import { unmapQuietly } from "./quiet_unmap.ts";
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

/** What to call an adapter for a reader. Vendors are often bare numbers, descriptions never. */
export function adapterName({ info }: GPUAdapter): string {
  return info.description || info.device || info.architecture || info.vendor || "unnamed adapter";
}

/** Whether an adapter is a program on the CPU that stands in for a GPU. */
export function isSoftwareAdapter(adapter: GPUAdapter): boolean {
  return adapter.info.isFallbackAdapter || /llvmpipe|swiftshader|warp/i.test(adapterName(adapter));
}

/** A device with its pipelines. Whoever opens it destroys it; buffers belong to who makes them. */
export class Gpu implements Disposable {
  /** The device, for ONNX Runtime to share. */
  readonly device: GPUDevice;
  /** What to call it. */
  readonly name: string;
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** What goes wrong with it. */
  readonly failures: GpuFailures;
  #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  private constructor(device: GPUDevice, name: string, isSoftware: boolean) {
    this.device = device;
    this.name = name;
    this.isSoftware = isSoftware;
    this.failures = new GpuFailures(device, name);
    uploadWithoutMapping(device);
    unmapQuietly(device, (error) => this.failures.add(error));
  }

  /**
   * Opens a device on an adapter, with the adapter's own limits. The feature `subgroups` is not
   * asked for: ONNX Runtime would then write shaders that Deno's compiler refuses.
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

  /** The pipeline of a shader's entry point, compiled once. */
  pipeline(entryPoint: string, code: string): Promise<GPUComputePipeline> {
    let pipeline = this.#pipelines.get(code);
    if (pipeline === undefined) {
      const module = this.device.createShaderModule({ label: entryPoint, code });
      pipeline = this.device.createComputePipelineAsync({
        label: entryPoint,
        layout: "auto",
        compute: { module, entryPoint },
      });
      this.#pipelines.set(code, pipeline);
    }
    return pipeline;
  }

  /** Makes a storage buffer that shaders can write and the host can read back. */
  storage(label: string, byteLength: number): GPUBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const size = Math.max(16, byteLength + (-byteLength & 3));
    return this.device.createBuffer({ label, size, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Makes a storage buffer with these contents. */
  uploaded(label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.storage(label, data.byteLength);
    const { byteOffset, byteLength } = data;
    writeInPieces(this.device, buffer, new Uint8Array(data.buffer, byteOffset, byteLength));
    return buffer;
  }

  /** Makes a uniform buffer with these contents. */
  uniform(label: string, data: ArrayBuffer): GPUBuffer {
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    const size = data.byteLength + (-data.byteLength & 15);
    const buffer = this.device.createBuffer({ label, size, usage: UNIFORM | COPY_DST });
    this.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  /** Runs a pipeline over a grid of workgroups, with buffers bound in order. */
  dispatch(
    pipeline: GPUComputePipeline,
    buffers: readonly GPUBuffer[],
    [x, y]: readonly [number, number],
    timestampWrites?: GPUComputePassTimestampWrites,
  ): void {
    const { label } = pipeline;
    const bindGroup = this.device.createBindGroup({
      label,
      layout: pipeline.getBindGroupLayout(0),
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

  /** Whether the device can time kernels. */
  get hasTimestamps(): boolean {
    return this.device.features.has("timestamp-query");
  }

  /**
   * Runs a pipeline as {@linkcode Gpu.dispatch} does, several times, and times each run on the
   * device itself.
   *
   * @returns Seconds, one for each run.
   */
  async time(
    pipeline: GPUComputePipeline,
    buffers: readonly GPUBuffer[],
    grid: readonly [number, number],
    runs: number,
  ): Promise<number[]> {
    const { device } = this;
    const querySet = device.createQuerySet({ type: "timestamp", count: 2 * runs });
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage;
    const usage = QUERY_RESOLVE | COPY_SRC;
    const times = device.createBuffer({ label: "times", size: 16 * runs, usage });
    try {
      for (let run = 0; run < runs; run++) {
        this.dispatch(pipeline, buffers, grid, {
          querySet,
          beginningOfPassWriteIndex: 2 * run,
          endOfPassWriteIndex: 2 * run + 1,
        });
      }
      const commands = device.createCommandEncoder({ label: "times" });
      commands.resolveQuerySet(querySet, 0, 2 * runs, times, 0);
      device.queue.submit([commands.finish()]);
      const [bits] = await this.read([times]);
      const nanoseconds = new BigUint64Array(bits!.buffer, bits!.byteOffset, 2 * runs);
      return Array.from({ length: runs }, (_, run) => {
        return Number(nanoseconds[2 * run + 1]! - nanoseconds[2 * run]!) / 1e9;
      });
    } finally {
      times.destroy();
      querySet.destroy();
    }
  }

  /**
   * Reads buffers back, all in one transfer, for each costs milliseconds of waiting.
   *
   * @returns The contents of each, as float32.
   * @throws {InputError} If the device reported an error, as {@linkcode GpuFailures.check} does.
   */
  async read(buffers: readonly GPUBuffer[]): Promise<Float32Array<ArrayBuffer>[]> {
    const total = buffers.reduce((bytes, { size }) => bytes + size, 0);
    const staging = this.device.createBuffer({
      label: "readback",
      size: total,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const commands = this.device.createCommandEncoder({ label: "readback" });
      let offset = 0;
      for (const buffer of buffers) {
        commands.copyBufferToBuffer(buffer, 0, staging, offset, buffer.size);
        offset += buffer.size;
      }
      this.device.queue.submit([commands.finish()]);
      await staging.mapAsync(GPUMapMode.READ).catch((error) => this.failures.add(error));
      await this.failures.check();
      const bytes = staging.getMappedRange().slice(0);
      let start = 0;
      return buffers.map(({ size }) => new Float32Array(bytes, (start += size) - size, size / 4));
    } finally {
      staging.destroy();
    }
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
