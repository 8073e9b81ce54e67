import assert from "node:assert/strict";
import { adapterLine, describeAdapters } from "../../lib/compute/adapters.ts";
import { WANTED_LIMITS } from "../../lib/compute/gpu.ts";

/** An adapter as far as it is described; each limit is the same. */
function adapter(description: string, limit: number, features: string[] = []): GPUAdapter {
  const limits = Object.fromEntries(WANTED_LIMITS.map((name) => [name, limit]));
  return { info: { description }, limits, features: new Set(features) } as unknown as GPUAdapter;
}

/** What is described where WebGPU answers so. */
async function described(
  answer: (options: GPURequestAdapterOptions) => GPUAdapter | null,
): Promise<Awaited<ReturnType<typeof describeAdapters>>> {
  const { requestAdapter } = GPU.prototype;
  GPU.prototype.requestAdapter = (options = {}) => Promise.resolve(answer(options));
  try {
    return await describeAdapters();
  } finally {
    GPU.prototype.requestAdapter = requestAdapter;
  }
}

Deno.test("describeAdapters() finds none where there is none", async () => {
  assert.deepEqual(await described(() => null), []);
});

Deno.test("describeAdapters() lists each GPU once, the most powerful first", async () => {
  const found = await described(({ powerPreference, forceFallbackAdapter }) => {
    if (forceFallbackAdapter) return adapter("llvmpipe", 1);
    return powerPreference === "low-power" ? adapter("Small", 2) : adapter("Large", 3);
  });
  assert.deepEqual(found.map(adapterLine), ["Large", "Small", "llvmpipe, a program on the CPU"]);
  const same = await described(() => adapter("Only one", 4));
  assert.deepEqual(same.map(({ name }) => name), ["Only one"]);
});

Deno.test("describeAdapters() tells limits and features", async () => {
  const [found] = await described(() => adapter("Large", 256, ["timestamp-query", "shader-f16"]));
  assert.equal(found!.limits.maxBufferSize, 256);
  assert.equal(Object.keys(found!.limits).length, WANTED_LIMITS.length);
  assert.deepEqual(found!.features, ["shader-f16", "timestamp-query"]);
});
