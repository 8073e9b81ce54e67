/**
 * Whether a job is done sooner on a GPU or on the CPU, by a rule of thumb: the multiplications that a
 * job consists of, how many of them a device does in a second, and what a GPU costs before it does the
 * first. What is done on the CPU in any case, reading, checking and drawing, is left out.
 *
 * The rates are of float32 in ONNX Runtime's products, for they take nine tenths of a job:
 *
 * - A CPU does 100 GFLOP/s on a thread, and with more of them as many as their number to the power
 *   of 0.7: 696 GFLOP/s on 16. Measured (`bench/RESULTS.md`): 130 to 296 on 2, 640 to 710 on 16.
 *   WebAssembly reaches an eighth of it, measured on 2 with the model of the demo.
 * - A GPU for data centres does 5 TFLOP/s. Measured on an H200: 5 to 6.2.
 * - A GPU that shares the CPU's memory does 0.2 TFLOP/s, any other 1. Not measured: the same small
 *   part of their peaks as an H200's, which are 2 to 4 and 10 to 80.
 * - A GPU costs 3 s for its device, the model and what has to be compiled, and 1.5 s where
 *   onnxruntime-node is there for the model. Measured on an H200: 2.3 and 0.4, besides the SAEs'.
 *
 * @module
 */

/** What a job amounts to. */
export interface Work {
  /** Its floating-point operations: two for each product and its sum. */
  readonly operations: number;
}

/** What is known of a machine. */
export interface MachineFacts {
  /** What its GPU is called. */
  readonly gpu: string;
  /** Whether that is a program on the CPU. */
  readonly isSoftware: boolean;
  /** Whether onnxruntime-node is there; otherwise the CPU computes by WebAssembly. */
  readonly isNativeThere: boolean;
  /** The threads of the CPU. */
  readonly threads: number;
}

/** Operations a second of a CPU with one thread. */
const CPU_RATE = 1e11;
/** Threads share memory and heat: as many as there are, to this power. */
const CPU_GROWTH = 0.7;
/** The part of it that WebAssembly reaches. */
const WASM_PART = 0.125;

/** Operations a second of a GPU, by its kind. */
const GPU_RATES = { shared: 2e11, other: 1e12, dataCentre: 5e12 };
/** Names of GPUs that share the CPU's memory. */
const SHARED =
  /\b(?:U?HD Graphics|Iris|Radeon(?:\(TM\)| \(TM\))? (?:Vega \d+ )?Graphics|Adreno|Mali|PowerVR|V3D|Tegra)\b/i;
/** Names of GPUs for data centres. */
const DATA_CENTRE = /\b(?:A100|A800|H100|H200|H800|GH200|B100|B200|GB200|MI\d{3}X?)\b/i;

/** What a GPU costs in any case, in seconds. */
const GPU_START = 3;
/** The same with onnxruntime-node's WebGPU. */
const NATIVE_GPU_START = 1.5;

/** Whether a GPU is known, by its name, to share the CPU's memory. */
export function sharesMemory(gpu: string): boolean {
  return SHARED.test(gpu);
}

/** How long a job takes, in seconds, but for what takes as long on any device. */
export interface Estimate {
  /** On the GPU. */
  readonly gpu: number;
  /** On the CPU. */
  readonly cpu: number;
}

/** Estimates how long a job takes on a machine. */
export function estimate({ operations }: Work, facts: MachineFacts): Estimate {
  const { gpu, isNativeThere, threads } = facts;
  const kind = sharesMemory(gpu) ? "shared" : DATA_CENTRE.test(gpu) ? "dataCentre" : "other";
  const cpuRate = CPU_RATE * threads ** CPU_GROWTH * (isNativeThere ? 1 : WASM_PART);
  const start = isNativeThere ? NATIVE_GPU_START : GPU_START;
  return { gpu: start + operations / GPU_RATES[kind], cpu: operations / cpuRate };
}

/** A GPU or the CPU, and why. */
export interface FasterDevice {
  /** Whether the GPU is to be taken. */
  readonly takesGpu: boolean;
  /** Why, for a reader. It names no number: records are to be the same on as many threads as may be. */
  readonly reason: string;
}

/**
 * Chooses between a GPU and the CPU.
 *
 * @param work The job; if it is not known it is taken for a large one.
 */
export function fasterDevice(facts: MachineFacts, work?: Work): FasterDevice {
  if (facts.isSoftware) {
    return { takesGpu: false, reason: `the only GPU is a program, ${facts.gpu}` };
  }
  const { gpu, cpu } = estimate(work ?? { operations: LARGE }, facts);
  if (gpu < cpu) {
    return { takesGpu: true, reason: "the GPU is estimated to be done sooner than the CPU" };
  }
  const large = estimate({ operations: LARGE }, facts);
  return {
    takesGpu: false,
    reason: large.gpu < large.cpu
      ? `the job is too small for the GPU ${facts.gpu} to be faster`
      : `the CPU is faster than the GPU ${facts.gpu}`,
  };
}

/** So many operations that no start counts. */
const LARGE = 1e15;
