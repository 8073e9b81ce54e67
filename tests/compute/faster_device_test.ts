import assert from "node:assert/strict";
import { estimate, fasterDevice, type MachineFacts } from "../../lib/compute/faster_device.ts";

/** 3,000 questions of 19 tokens, GPT-2 small up to layer 11, and twelve SAEs of 10,006 features. */
const FULL = { operations: 2 * (55_834 * 11 * 7_077_888 + 3000 * 12 * 768 * 10_006) };
/** The demo: a model a thousandth as large. */
const DEMO = { operations: FULL.operations / 1000 };

const H200: MachineFacts = {
  gpu: "NVIDIA H200",
  isSoftware: false,
  isNativeThere: true,
  threads: 16,
};

Deno.test("estimate() is near what was measured of the full-size job's language model and SAEs", () => {
  // The language model took 7.4 to 8.2 s on 16 threads, and 18.3 to 40 s on two.
  const { cpu, gpu } = estimate(FULL, H200);
  assert(cpu > 7 && cpu < 16, `${cpu}`);
  // 1.3 s of the language model, and the SAEs' device, tile and shader.
  assert(gpu > 1.5 && gpu < 4, `${gpu}`);
  const two = estimate(FULL, { ...H200, threads: 2 }).cpu;
  assert(two > 18 && two < 65, `${two}`);
});

Deno.test("fasterDevice() takes a GPU for data centres for the full job, beside 2 cores and 16", () => {
  for (const threads of [2, 16]) {
    for (const isNativeThere of [true, false]) {
      const choice = fasterDevice({ ...H200, threads, isNativeThere }, FULL);
      assert.deepEqual(choice, {
        takesGpu: true,
        reason: "the GPU is estimated to be done sooner than the CPU",
      });
    }
  }
});

Deno.test("fasterDevice() takes the CPU for a job that is done before a GPU has begun", () => {
  assert.deepEqual(fasterDevice(H200, DEMO), {
    takesGpu: false,
    reason: "the job is too small for the GPU NVIDIA H200 to be faster",
  });
});

Deno.test("fasterDevice() takes the CPU where it outruns a GPU that shares its memory", () => {
  const laptop = { ...H200, gpu: "Intel(R) UHD Graphics 620" };
  assert.deepEqual(fasterDevice(laptop, FULL), {
    takesGpu: false,
    reason: "the CPU is faster than the GPU Intel(R) UHD Graphics 620",
  });
  assert(fasterDevice({ ...laptop, threads: 2, isNativeThere: false }, FULL).takesGpu);
});

Deno.test("fasterDevice() takes a job that it does not know for a large one", () => {
  assert(fasterDevice(H200).takesGpu);
});

Deno.test("fasterDevice() never takes a program on the CPU", () => {
  assert.deepEqual(fasterDevice({ ...H200, gpu: "llvmpipe", isSoftware: true }, FULL), {
    takesGpu: false,
    reason: "the only GPU is a program, llvmpipe",
  });
});

Deno.test("fasterDevice() takes no GPU that it would not take for a smaller job", () => {
  let taken = false;
  for (let operations = 1e6; operations < 1e16; operations *= 2) {
    const { takesGpu } = fasterDevice({ ...H200, gpu: "AMD Radeon RX 7900" }, { operations });
    assert(takesGpu || !taken, `${operations}`);
    taken = takesGpu;
  }
  assert(taken);
});
