/**
 * Counts and times what a program asks of WebGPU, whoever asks: coact or ONNX Runtime.
 *
 * @module
 */
import { replaceMethods } from "./replace_methods.ts";

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
  replaceMethods(CALLS, (method, name) => {
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
  replaceMethods(PROMISES, (method, name) => {
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
