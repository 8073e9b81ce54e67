/**
 * Workaround: WebAssembly memory that never grows.
 *
 * Where several threads share a memory, V8 tells the others of its growth when they next look. One
 * that uses what was just added before it has looked fails with "memory access out of bounds": ONNX
 * Runtime's threads then end without a word, and whoever waits for them waits for ever. Seen with
 * Deno 2.9.6 and onnxruntime-web 1.30; the same laziness of V8 in other programs:
 * https://github.com/toyobayashi/emnapi/issues/217. To see it, let `withSteadyMemory` return
 * `action()`: on a busy machine one analysis in four, in WebAssembly, then hangs. To be deleted when
 * none of a hundred does.
 *
 * @module
 */

/** What shared memories may begin with, in pages of 64 KiB; 65,536 of them are more than 32 bits. */
const INITIAL_PAGES = [65_535, 49_152, 32_768, 16_384] as const;

/**
 * Does something in which shared memories are made, and has them begin as large as they may become.
 * What is not used of them takes addresses and no memory.
 */
export async function withSteadyMemory<T>(action: () => Promise<T>): Promise<T> {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor.shared ? reserve(Memory, descriptor) : descriptor);
    }
  };
  try {
    return await action();
  } finally {
    WebAssembly.Memory = Memory;
  }
}

/** The descriptor with the largest beginning that this machine has addresses for. */
function reserve(
  Memory: typeof WebAssembly.Memory,
  descriptor: WebAssembly.MemoryDescriptor,
): WebAssembly.MemoryDescriptor {
  const { initial, maximum = initial } = descriptor;
  for (const pages of INITIAL_PAGES) {
    const larger = { ...descriptor, initial: Math.max(initial, Math.min(pages, maximum)) };
    try {
      new Memory(larger);
      return larger;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return descriptor;
}
