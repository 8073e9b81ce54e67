import assert from "node:assert/strict";
import { describeDevice, openDevice, prepareDevice } from "../../lib/compute/device.ts";
import { InputError } from "../../lib/base/errors.ts";
import { inputError } from "../support/input_errors.ts";
import { adapter } from "../support/fake_adapter.ts";
import { gpuTest } from "../support/gpu.ts";
import { OtherThreads } from "../support/other_threads.ts";

async function withAdapter(found: GPUAdapter | null, test: () => Promise<void>): Promise<void> {
  const { requestAdapter } = GPU.prototype;
  GPU.prototype.requestAdapter = () => Promise.resolve(found);
  try {
    await test();
  } finally {
    GPU.prototype.requestAdapter = requestAdapter;
  }
}

Deno.test("openDevice() takes native code where there is no GPU, and says so", async () => {
  await withAdapter(null, async () => {
    using device = await openDevice("auto");
    assert.equal(device.kind, "cpu");
    assert.equal(device.requested, "auto");
    assert.equal(device.reason, "no GPU is there");
    assert.equal(device.gpu, undefined);
  });
});

Deno.test("openDevice() does not take a software adapter for work unless asked", async () => {
  await withAdapter(adapter({ description: "llvmpipe", isFallbackAdapter: true }), async () => {
    using device = await openDevice("auto");
    assert.equal(device.kind, "cpu");
    assert.equal(device.reason, "the only GPU is a program, llvmpipe");
  });
});

Deno.test("openDevice() explains that a GPU that was asked for is not there", async () => {
  await withAdapter(null, async () => {
    await assert.rejects(openDevice("gpu"), InputError);
  });
});

Deno.test("openDevice() takes wasm when asked", async () => {
  using device = await openDevice("wasm");
  assert.deepEqual([device.kind, device.runtime.backend], ["wasm", "wasm"]);
});

for (
  const [kind, name] of [
    ["cpu", "onnxruntime-node"],
    ["wasm", "onnxruntime-web in WebAssembly"],
  ] as const
) {
  Deno.test(`describeDevice() says how many threads ${kind} has, and its name in results does not`, async () => {
    for (const [threads, said] of [[1, "on 1 CPU thread"], [8, "on 8 CPU threads"]] as const) {
      using _threads = new OtherThreads(threads);
      using device = await openDevice(kind);
      assert.equal(device.runtime.threads, threads);
      assert.equal(device.name, name);
      assert.equal(describeDevice(device), `${name} ${said}`);
    }
  });
}

gpuTest("describeDevice() says the name of a GPU, and no threads", async (gpu) => {
  using device = await openDevice("gpu");
  assert.equal(describeDevice(device), gpu.name);
});

gpuTest("openDevice() hands a GPU out once it is open", async () => {
  const seen: unknown[] = [];
  using device = await openDevice("gpu", undefined, { onGpu: (gpu) => seen.push(gpu) });
  assert.deepEqual(seen, [device.gpu]);
});

Deno.test("openDevice() goes on without a GPU that cannot be opened, unless it was asked for", async () => {
  const broken = {
    ...adapter({ description: "Broken GPU" }),
    limits: {},
    features: new Set(),
    requestDevice: () => Promise.reject(new DOMException("no device for you")),
  } as unknown as GPUAdapter;
  await withAdapter(broken, async () => {
    const why = "The GPU Broken GPU cannot be opened: no device for you";
    using device = await openDevice("auto");
    assert.equal(device.kind, "cpu");
    assert.equal(device.reason, why);
    await assert.rejects(openDevice("gpu"), inputError(`${why}; --device cpu does without it`));
  });
});

Deno.test("openDevice() does not open a GPU for a job that is too small for it", async () => {
  await withAdapter(adapter({ description: "NVIDIA H200" }), async () => {
    using device = await openDevice("auto", { operations: 1e9 });
    assert.equal(device.kind, "cpu");
    assert.equal(device.reason, "the job is too small for the GPU NVIDIA H200 to be faster");
  });
});

Deno.test("prepareDevice() looks for a GPU only where one may be taken, and leaves failures to openDevice()", async () => {
  const { requestAdapter } = GPU.prototype;
  let asked = 0;
  GPU.prototype.requestAdapter = () => {
    asked++;
    return Promise.reject(new Error("the driver is broken"));
  };
  try {
    for (const request of ["cpu", "wasm"] as const) prepareDevice(request);
    assert.equal(asked, 0);
    for (const request of ["gpu", "auto"] as const) prepareDevice(request);
    await new Promise((resolve) => setTimeout(resolve, 0)); // an unheard failure would end the test
    assert.equal(asked, 2);
  } finally {
    GPU.prototype.requestAdapter = requestAdapter;
  }
});
