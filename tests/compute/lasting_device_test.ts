/** What becomes of work on a device that is lost; tests/analysis/losses_test.ts has real losses. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { GpuLostError } from "../../lib/compute/gpu_failures.ts";
import { LastingDevice } from "../../lib/compute/lasting_device.ts";
import { inputError } from "../support/input_errors.ts";

/** A device that is opened again without a GPU. */
const KIND = "wasm";
const LOSS = new GpuLostError("The GPU was lost");

Deno.test("LastingDevice.run() hands out smaller pieces of work after each loss, and keeps to them", async () => {
  using device = await openDevice(KIND);
  using lasting = new LastingDevice(device);
  const sizes: number[] = [];
  const work = (losses: number) =>
    lasting.run(({ pieceSize }) => {
      sizes.push(pieceSize);
      return losses-- > 0 ? Promise.reject(LOSS) : Promise.resolve();
    });
  await work(2);
  await work(1);
  assert.deepEqual(sizes, [1, 1 / 4, 1 / 16, 1 / 16, 1 / 64]);
});

Deno.test("LastingDevice.run() does not go on on a device of another name", async () => {
  using device = await openDevice(KIND);
  using lasting = new LastingDevice({ ...device, name: "the GPU that was taken away" });
  let begun = 0;
  await assert.rejects(
    lasting.run(() => {
      begun++;
      return Promise.reject(LOSS);
    }),
    inputError(/^The GPU was lost, and another one is there instead, onnxruntime-web .*; what is /),
  );
  assert.equal(begun, 1);
});
