/**
 * Reads buffers of a device back, piece by piece.
 *
 * `getMappedRange()` of Deno 2.9.6 copies what is mapped into new memory
 * (https://github.com/denoland/deno/blob/v2.9.5/ext/webgpu/buffer.rs#L289), and `destroy()` frees that
 * copy. New memory costs more than the copy: the system hands it out page by page. A copy of 2 MiB is made where
 * the one before was, if that was destroyed; one of 32 MiB takes four times as long as 16 of 2 MiB do.
 *
 * @module
 */
import type { GpuFailures } from "./gpu_failures.ts";

/** How many bytes a piece has, at most, but for what is to stay together. */
const PIECE_BYTES = 2 * 2 ** 20;

/** A buffer that is read back. */
export interface Readback {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** How many numbers of it are read, from its beginning. */
  readonly length: number;
  /** How many numbers stay together: a piece has a whole number of such rows. Default: 1. */
  readonly rowLength?: number | undefined;
  /**
   * Is shown the buffer's numbers, one piece after the other.
   *
   * @param values As float32. They are gone once it returns.
   * @param first The place of the first of them.
   */
  readonly take: (values: Float32Array<ArrayBuffer>, first: number) => void;
}

/** A part of a buffer, and where the host reads it. */
interface Piece {
  readonly source: Readback;
  readonly first: number;
  readonly length: number;
  readonly staging: GPUBuffer;
}

/**
 * Reads all of them in one transfer, for each costs milliseconds of waiting.
 *
 * @param failures What goes wrong with the device.
 * @throws {InputError} If the device reported an error, as {@linkcode GpuFailures.check} does.
 */
export async function readBack(
  device: GPUDevice,
  failures: GpuFailures,
  sources: readonly Readback[],
): Promise<void> {
  using scope = new DisposableStack();
  const commands = device.createCommandEncoder({ label: "readback" });
  const pieces: Piece[] = [];
  for (const source of sources) {
    const { buffer, length, rowLength = 1 } = source;
    const most = rowLength * Math.max(1, Math.floor(PIECE_BYTES / (4 * rowLength)));
    for (let first = 0; first < length; first += most) {
      const piece = { source, first, length: Math.min(most, length - first) };
      const size = 4 * piece.length;
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      const staging = device.createBuffer({ label: "readback", size, usage });
      scope.defer(() => staging.destroy());
      commands.copyBufferToBuffer(buffer, 4 * first, staging, 0, size);
      pieces.push({ ...piece, staging });
    }
  }
  device.queue.submit([commands.finish()]);
  await Promise.all(
    pieces.map(({ staging }) =>
      staging.mapAsync(GPUMapMode.READ).catch((error) => failures.add(error))
    ),
  );
  await failures.check();
  for (const { source, first, staging } of pieces) {
    source.take(new Float32Array(staging.getMappedRange()), first);
    staging.unmap(); // the memory of its copy is that of the next
  }
}
