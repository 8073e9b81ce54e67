/**
 * Times what runs on a GPU by its own clock, kernel by kernel, ONNX Runtime's as well as coact's.
 *
 * @module
 */
import { workClock } from "../lib/base/work_log.ts";
import { replaceMethods } from "./replace_methods.ts";

/** The GPU time of one kernel. */
export interface KernelTimes {
  /** How often it ran. */
  count: number;
  /** Seconds on the GPU. */
  total: number;
}

/** When a kernel ran, in milliseconds since 1970. */
export interface KernelRun {
  /** The kernel. */
  readonly name: string;
  /** When it began. */
  readonly start: number;
  /** When it ended. */
  readonly end: number;
}

/** When a kernel ran by the GPU's clock, in nanoseconds. */
export interface Stamp {
  /** The kernel. */
  readonly name: string;
  /** When it began. */
  readonly begin: bigint;
  /** When it ended. */
  readonly end: bigint;
}

/** coact's own shaders, by the names of their kernels; the others are ONNX Runtime's. */
export const OWN_KERNELS: RegExp = /^(encode_reduce|transpose|select_top_k)/;

/** How often the clocks are compared; the fastest round counts. */
const CLOCK_ROUNDS = 5;
/** How many timestamps one set holds: the least that every device can do. */
const QUERIES = 4096;

/** Times each dispatch on the GPU itself, in a pass of its own. */
export class KernelTimer {
  #device: GPUDevice | undefined;
  #sets: GPUQuerySet[] = [];
  #names: string[] = [];
  #pipelineNames = new WeakMap<object, string>();
  #moduleNames = new WeakMap<object, string>();

  /** Begins to time; {@linkcode KernelTimer.read} ends it. */
  constructor() {
    // deno-lint-ignore no-this-alias -- the methods below have a `this` of their own
    const timer = this;
    replaceMethods({ GPUDevice: ["createShaderModule"] }, (method) => {
      return function (this: unknown, description) {
        const module = method.call(this, description) as object;
        timer.#moduleNames.set(module, nameOf(description));
        return module;
      };
    });
    replaceMethods({ GPUDevice: ["createComputePipeline"] }, (method) => {
      return function (this: unknown, description) {
        const pipeline = method.call(this, description) as object;
        timer.#name(pipeline, description);
        return pipeline;
      };
    });
    replaceMethods({ GPUDevice: ["createComputePipelineAsync"] }, (method) => {
      return async function (this: unknown, description) {
        const pipeline = await method.call(this, description) as object;
        timer.#name(pipeline, description);
        return pipeline;
      };
    });
    replaceMethods({ GPUDevice: ["createCommandEncoder"] }, (method) => {
      return function (this: unknown, ...args) {
        timer.#device = this as GPUDevice;
        return method.apply(this, args);
      };
    });
    replaceMethods({ GPUCommandEncoder: ["beginComputePass"] }, (method) => {
      return function (this: unknown, description) {
        if (description?.timestampWrites) return method.call(this, description);
        return timer.#split((timestampWrites) => {
          return method.call(this, { ...description, timestampWrites }) as GPUComputePassEncoder;
        });
      };
    });
  }

  #name(pipeline: object, { label, compute }: GPUComputePipelineDescriptor): void {
    this.#pipelineNames.set(pipeline, label || this.#moduleNames.get(compute.module) || "unnamed");
  }

  /** A pass that is a pass of the device's for each dispatch. */
  #split(begin: (writes: GPUComputePassTimestampWrites) => GPUComputePassEncoder) {
    let pipeline: GPUComputePipeline | undefined;
    const groups: [number, GPUBindGroup | null][] = [];
    const run = (dispatch: (pass: GPUComputePassEncoder) => void) => {
      const pass = begin(this.#next(this.#pipelineNames.get(pipeline!) ?? "unnamed"));
      pass.setPipeline(pipeline!);
      for (const [index, group] of groups) pass.setBindGroup(index, group);
      dispatch(pass);
      pass.end();
    };
    return {
      label: "timed",
      setPipeline: (next: GPUComputePipeline) => void (pipeline = next),
      setBindGroup: (index: number, group: GPUBindGroup | null) => {
        groups[index] = [index, group];
      },
      dispatchWorkgroups: (...grid: [number, number?, number?]) => {
        run((pass) => pass.dispatchWorkgroups(...grid));
      },
      dispatchWorkgroupsIndirect: (buffer: GPUBuffer, offset: number) => {
        run((pass) => pass.dispatchWorkgroupsIndirect(buffer, offset));
      },
      end: () => {},
      pushDebugGroup: () => {},
      popDebugGroup: () => {},
      insertDebugMarker: () => {},
    };
  }

  #next(name: string): GPUComputePassTimestampWrites {
    const index = (2 * this.#names.length) % QUERIES;
    if (index === 0) {
      this.#sets.push(this.#device!.createQuerySet({ type: "timestamp", count: QUERIES }));
    }
    this.#names.push(name);
    const querySet = this.#sets.at(-1)!;
    return { querySet, beginningOfPassWriteIndex: index, endOfPassWriteIndex: index + 1 };
  }

  /** Waits for the GPU, and sums up by the kernels' names what ran since the last time. */
  async read(): Promise<Record<string, KernelTimes>> {
    return kernelTable(await this.#stamps());
  }

  /**
   * Waits for the GPU, and says what ran since the last time, and when, by the clock of `workClock`: the
   * GPU's own has another beginning, which a pass that is empty tells.
   */
  async readRuns(): Promise<KernelRun[]> {
    const stamps = await this.#stamps();
    if (stamps.length === 0) return [];
    const shift = await this.#clockShift();
    return stamps.map(({ name, begin, end }) => {
      return { name, start: Number(begin) / 1e6 + shift, end: Number(end) / 1e6 + shift };
    });
  }

  async #stamps(): Promise<Stamp[]> {
    const stamps: Stamp[] = [];
    const sets = this.#sets.splice(0);
    const all = this.#names.splice(0);
    for (const [set, querySet] of sets.entries()) {
      const names = all.slice(set * QUERIES / 2, (set + 1) * QUERIES / 2);
      const times = await this.#resolve(querySet, 2 * names.length);
      for (const [index, name] of names.entries()) {
        stamps.push({ name, begin: times[2 * index]!, end: times[2 * index + 1]! });
      }
      querySet.destroy();
    }
    return stamps;
  }

  /** What lies between the GPU's clock and this thread's, in milliseconds, to half of the shortest round. */
  async #clockShift(): Promise<number> {
    const device = this.#device!;
    let best = { round: Infinity, shift: 0 };
    for (let round = 0; round < CLOCK_ROUNDS; round++) {
      const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
      const commands = device.createCommandEncoder();
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
      commands.beginComputePass({ timestampWrites }).end();
      const sent = workClock();
      device.queue.submit([commands.finish()]);
      await device.queue.onSubmittedWorkDone();
      const done = workClock();
      const [, end] = await this.#resolve(querySet, 2);
      querySet.destroy();
      const shift = (sent + done) / 2 - Number(end) / 1e6;
      if (done - sent < best.round) best = { round: done - sent, shift };
    }
    return best.shift;
  }

  async #resolve(querySet: GPUQuerySet, count: number): Promise<BigUint64Array> {
    const device = this.#device!;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = 8 * count;
    const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    const readable = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    const commands = device.createCommandEncoder();
    commands.resolveQuerySet(querySet, 0, count, resolved, 0);
    commands.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([commands.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const nanoseconds = new BigUint64Array(readable.getMappedRange().slice(0));
    for (const buffer of [resolved, readable]) buffer.destroy();
    return nanoseconds;
  }
}

/** Sums of what ran, by the kernels' names. Stamps are nanoseconds. */
export function kernelTable(stamps: readonly Stamp[]): Record<string, KernelTimes> {
  const table: Record<string, KernelTimes> = {};
  for (const { name, begin, end } of stamps) {
    const times = table[name] ??= { count: 0, total: 0 };
    times.count++;
    times.total += Number(end - begin) / 1e9;
  }
  return table;
}

/** What to call a shader: its label, or the buffers that it declares and the functions that it calls. */
export function nameOf({ label, code }: GPUShaderModuleDescriptor): string {
  if (label) return label;
  const names = [...code.matchAll(/^@group\(0\).*var<storage.*> (\w+)\s*:/gm)].map(([, name]) =>
    name
  );
  return `${names.join(" ")} (${code.length})`;
}
