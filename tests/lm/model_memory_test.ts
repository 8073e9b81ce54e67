import assert from "node:assert/strict";
import { memoryForWeights, withTheRest } from "../../lib/lm/model_memory.ts";

const GIB = 2 ** 30;
const cpu = { backend: "cpu", threads: 1 } as const;
const wasm = { backend: "wasm", threads: 1 } as const;

Deno.test("memoryForWeights() keeps half a GiB for the rest, or half where there is little", () => {
  assert.equal(memoryForWeights({ runtime: cpu, maxMemory: 3 * GIB }), 2.5 * GIB);
  assert.equal(memoryForWeights({ runtime: cpu, maxMemory: 1000 }), 500);
  for (const weights of [500, GIB]) {
    const maxMemory = withTheRest(weights);
    assert.equal(memoryForWeights({ runtime: cpu, maxMemory }), weights);
  }
});

Deno.test("memoryForWeights() is not more than WebAssembly has", () => {
  assert.equal(memoryForWeights({ runtime: wasm, maxMemory: 100 * GIB }), 3 * GIB);
  assert.equal(memoryForWeights({ runtime: cpu, maxMemory: Infinity }), Infinity);
});

Deno.test("memoryForWeights() takes three quarters of what is free by default", () => {
  const free = Deno.systemMemoryInfo().available;
  const weights = memoryForWeights({ runtime: cpu });
  assert(weights > 0.3 * free && weights < 0.8 * free, `${weights} of ${free}`);
});
