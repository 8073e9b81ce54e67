/**
 * Counts and times what a program asks of WebGPU, whoever asks: coact or ONNX Runtime.
 *
 * The methods of Deno's own classes are replaced, so that this has to be called before a device is
 * opened.
 *
 * @module
 */

/** The calls of one name. */
export interface CallTimes {
  /** How many there were. */
  count: number;
  /** Seconds in all of them; of promises, until they were kept. */
  total: number;
  /** Seconds of the slowest. */
  worst: number;
}

/** What was counted so far, by the calls' names. */
export type CallTable = Record<string, CallTimes>;

/** Methods that return at once, by their classes. */
const CALLS = {
  GPUDevice: [
    "createBuffer",
    "createShaderModule",
    "createBindGroup",
    "createBindGroupLayout",
    "createPipelineLayout",
    "createComputePipeline",
    "createCommandEncoder",
  ],
  GPUQueue: ["writeBuffer", "submit"],
  GPUBuffer: ["getMappedRange", "unmap", "destroy"],
  GPUCommandEncoder: ["beginComputePass", "copyBufferToBuffer", "finish"],
  GPUComputePassEncoder: ["dispatchWorkgroups"],
} as const;

/** Methods that count until their promise is kept. */
const PROMISES = {
  GPUDevice: ["createComputePipelineAsync"],
  GPUQueue: ["onSubmittedWorkDone"],
  GPUBuffer: ["mapAsync"],
} as const;

// deno-lint-ignore no-explicit-any -- any method of any class is replaced by one that calls it
type Method = (...args: any[]) => unknown;

/** Begins to count; returns the table that grows. */
export function countCalls(): CallTable {
  const table: CallTable = {};
  const add = (name: string, start: number) => {
    const seconds = (performance.now() - start) / 1000;
    const times = table[name] ??= { count: 0, total: 0, worst: 0 };
    times.count++;
    times.total += seconds;
    times.worst = Math.max(times.worst, seconds);
  };
  replace(CALLS, (method, name) => {
    return function (this: unknown, ...args) {
      const start = performance.now();
      const isMapped = name === "createBuffer" && args[0].mappedAtCreation;
      try {
        return method.apply(this, args);
      } finally {
        add(isMapped ? "createBuffer, mapped at creation" : name, start);
      }
    };
  });
  replace(PROMISES, (method, name) => {
    return async function (this: unknown, ...args) {
      const start = performance.now();
      try {
        return await method.apply(this, args);
      } finally {
        add(name, start);
      }
    };
  });
  return table;
}

/** Replaces methods on the prototypes of Deno's classes. */
function replace(
  classes: Readonly<Record<string, readonly string[]>>,
  wrap: (method: Method, name: string) => Method,
): void {
  for (const [className, names] of Object.entries(classes)) {
    const { prototype } = (globalThis as unknown as Record<string, { prototype: object }>)[
      className
    ]!;
    const methods = prototype as Record<string, Method>;
    for (const name of names) methods[name] = wrap(methods[name]!, name);
  }
}

/** The GPU time of one kernel. */
export interface KernelTimes {
  /** How often it ran. */
  count: number;
  /** Seconds on the GPU. */
  total: number;
}

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
    replace({ GPUDevice: ["createShaderModule"] }, (method) => {
      return function (this: unknown, description) {
        const module = method.call(this, description) as object;
        timer.#moduleNames.set(module, nameOf(description));
        return module;
      };
    });
    replace({ GPUDevice: ["createComputePipeline"] }, (method) => {
      return function (this: unknown, description) {
        const pipeline = method.call(this, description) as object;
        timer.#name(pipeline, description);
        return pipeline;
      };
    });
    replace({ GPUDevice: ["createComputePipelineAsync"] }, (method) => {
      return async function (this: unknown, description) {
        const pipeline = await method.call(this, description) as object;
        timer.#name(pipeline, description);
        return pipeline;
      };
    });
    replace({ GPUDevice: ["createCommandEncoder"] }, (method) => {
      return function (this: unknown, ...args) {
        timer.#device = this as GPUDevice;
        return method.apply(this, args);
      };
    });
    replace({ GPUCommandEncoder: ["beginComputePass"] }, (method) => {
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
    const table: Record<string, KernelTimes> = {};
    if (this.#device === undefined) return table;
    const device = this.#device;
    const sets = this.#sets.splice(0);
    const all = this.#names.splice(0);
    for (const [set, querySet] of sets.entries()) {
      const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
      const size = 8 * QUERIES;
      const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
      const readable = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
      const names = all.slice(set * QUERIES / 2, (set + 1) * QUERIES / 2);
      const commands = device.createCommandEncoder();
      commands.resolveQuerySet(querySet, 0, 2 * names.length, resolved, 0);
      commands.copyBufferToBuffer(resolved, 0, readable, 0, size);
      device.queue.submit([commands.finish()]);
      await readable.mapAsync(GPUMapMode.READ);
      const nanoseconds = new BigUint64Array(readable.getMappedRange());
      for (const [index, name] of names.entries()) {
        const times = table[name] ??= { count: 0, total: 0 };
        times.count++;
        times.total += Number(nanoseconds[2 * index + 1]! - nanoseconds[2 * index]!) / 1e9;
      }
      for (const buffer of [resolved, readable]) buffer.destroy();
      querySet.destroy();
    }
    return table;
  }
}

/** What to call a shader: its label, or the buffers that it declares and the functions that it calls. */
function nameOf({ label, code }: GPUShaderModuleDescriptor): string {
  if (label) return label;
  const names = [...code.matchAll(/^@group\(0\).*var<storage.*> (\w+)\s*:/gm)].map(([, name]) =>
    name
  );
  return `${names.join(" ")} (${code.length})`;
}
