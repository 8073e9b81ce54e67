import assert from "node:assert/strict";
import { gpuTest, trackBuffers } from "../support/gpu.ts";

/** 5 MiB, which are read in three pieces. */
const NUMBERS = Float32Array.from({ length: 5 * 2 ** 18 }, (_, i) => i);

gpuTest(
  "Gpu.readPieces() shows numbers in order, whole rows together, and they are gone after",
  async (gpu) => {
    const buffers = trackBuffers(gpu);
    const buffer = gpu.uploaded("numbers", NUMBERS);
    const few = gpu.uploaded("few", Float32Array.of(7, 8, 9, 10));
    // in numbers: 2 MiB are 524,288
    for (
      const [rowLength, firsts] of [
        [undefined, [0, 524_288, 1_048_576]],
        [100_000, [0, 500_000, 1_000_000]],
        [700_000, [0, 700_000]],
      ] as const
    ) {
      const length = NUMBERS.length - 3;
      const found = new Float32Array(length);
      const seen: number[] = [];
      const shown: Float32Array[] = [];
      await gpu.readPieces([
        { buffer: few, length: 2, take: (values) => assert.deepEqual([...values], [7, 8]) },
        { buffer: few, length: 0, take: () => assert.fail("there is nothing") },
        {
          buffer,
          length,
          rowLength,
          take: (values, first) => {
            seen.push(first);
            found.set(values, first);
            shown.push(values);
          },
        },
      ]);
      assert.deepEqual(seen, firsts);
      assert.deepEqual(found, NUMBERS.subarray(0, length));
      assert(shown.every((values) => values.length === 0));
    }
    const [read] = await gpu.read([buffer]);
    assert.deepEqual(read, NUMBERS);
    buffer.destroy();
    few.destroy();
    assert.equal(buffers.destroyed, buffers.made);
  },
);

gpuTest(
  "Gpu.readPieces() leaves no buffer where one cannot be made, or who takes it fails",
  async (gpu) => {
    const buffer = gpu.uploaded("numbers", NUMBERS);
    const buffers = trackBuffers(gpu);
    const { device } = gpu;
    const createBuffer = device.createBuffer.bind(device);
    const fail = () => {
      throw new Error("it failed");
    };
    const source = { buffer, length: NUMBERS.length, take: fail };
    await assert.rejects(gpu.readPieces([source]), /it failed/);
    let made = 0;
    device.createBuffer = (description) => made++ === 2 ? fail() : createBuffer(description);
    await assert.rejects(gpu.readPieces([source]), /it failed/);
    assert.equal(buffers.made, 3 + 2);
    assert.equal(buffers.destroyed, buffers.made);
    buffer.destroy();
  },
);
