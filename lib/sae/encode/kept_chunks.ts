/**
 * The encoder's chunks that stay on a GPU from one use to the next, so that they are read and sent once.
 *
 * Top-k goes through the encoder four or seven times, and every SAE as often as there are blocks of
 * questions. Without this, an H200 waited most of that time for weights that it had had before.
 *
 * @module
 */
import { sharesMemory } from "../../compute/faster_device.ts";
import type { Gpu } from "../../compute/gpu.ts";

/**
 * How many bytes stay on a GPU at most. WebGPU does not say how much memory there is: this is half of a
 * small card, beside a chunk and the states, and all of 131,072 features of width 4,096. Of a larger
 * encoder the first chunks stay, and each further pass is cheaper by their share.
 */
export const KEPT_BYTES: number = 2 * 2 ** 30;

/** Names of further GPUs that share the machine's memory, though they are not slow for that. */
const ALSO_SHARED =
  /\bApple\b|\bRadeon(?:\(TM\)| \(TM\))? \d{3,4}[MS]\b|\bArc\(TM\) Graphics\b|\bGB10\b/i;

/**
 * The same of a device, unless it is told. Nothing stays where the GPU is a program on the CPU: its
 * memory is the process's, which holds no more than a chunk. Nor where it is known by its name to share the
 * machine's memory, which others need, and which is swapped rather than said to be too little.
 */
export function usualKeptBytes({ isSoftware, name }: Pick<Gpu, "isSoftware" | "name">): number {
  return isSoftware || sharesMemory(name) || ALSO_SHARED.test(name) ? 0 : KEPT_BYTES;
}

/** How a chunk is used. */
export interface ChunkUse {
  /** Whether it is used no more after this. */
  readonly isLast: boolean;
  /** Makes its buffer, which is then {@linkcode KeptChunks}'. */
  readonly make: () => Promise<GPUBuffer>;
}

/**
 * Lends chunks of one encoder, and destroys them: those that do not fit after each use, those that do
 * after their last use, or with this.
 */
export class KeptChunks implements Disposable {
  #mostBytes: number;
  #bytes = 0;
  #hasKept = false;
  #chunks = new Map<number, GPUBuffer>();

  /** Has none yet; keeps so many bytes at most. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether it has kept any at any time. */
  get hasKept(): boolean {
    return this.#hasKept;
  }

  /**
   * Lends a chunk for as long as something is done with it; it is made if it is not there.
   *
   * @param first Its first feature, which tells it from the others: they do not overlap.
   * @param use Is told whether it was made just now. The buffer is not its to destroy.
   */
  async use<T>(
    first: number,
    { isLast, make }: ChunkUse,
    use: (chunk: GPUBuffer, isNew: boolean) => Promise<T>,
  ): Promise<T> {
    const kept = this.#chunks.get(first);
    const chunk = kept ?? await make();
    if (kept === undefined && !isLast) this.#keep(first, chunk);
    try {
      return await use(chunk, kept === undefined);
    } finally {
      if (isLast) this.#forget(first);
      if (!this.#chunks.has(first)) chunk.destroy();
    }
  }

  #keep(first: number, chunk: GPUBuffer): void {
    if (this.#bytes + chunk.size > this.#mostBytes) return;
    this.#chunks.set(first, chunk);
    this.#bytes += chunk.size;
    this.#hasKept = true;
  }

  #forget(first: number): void {
    this.#bytes -= this.#chunks.get(first)?.size ?? 0;
    this.#chunks.delete(first);
  }

  /** Destroys what is there. */
  [Symbol.dispose](): void {
    for (const chunk of this.#chunks.values()) chunk.destroy();
    this.#chunks.clear();
    this.#bytes = 0;
  }
}
