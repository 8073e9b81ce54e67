import assert from "node:assert/strict";
import {
  chooseGpuRuntime,
  type GpuRuntimeFacts,
  isWorthTrying,
} from "../../lib/compute/gpu_runtime.ts";

const H200: GpuRuntimeFacts = {
  hardware: ["NVIDIA H200"],
  isSoftware: false,
  isNativeThere: true,
  trial: {},
};

Deno.test("chooseGpuRuntime() takes onnxruntime-node's WebGPU where it works", () => {
  assert.deepEqual(chooseGpuRuntime(H200), {
    backend: "webgpu-native",
    reason: "the language model runs on onnxruntime-node's WebGPU",
  });
});

Deno.test("chooseGpuRuntime() takes onnxruntime-web otherwise, and says why", () => {
  const cases: [Partial<GpuRuntimeFacts>, RegExp][] = [
    [{ hardware: ["NVIDIA H200", "AMD Radeon"] }, /several GPUs, NVIDIA H200 and AMD Radeon$/],
    [{ isNativeThere: false }, /onnxruntime-node is not there$/],
    [{ trial: undefined }, /onnxruntime-node's WebGPU was not tried$/],
    [{ trial: { failure: "no answer within 10 s" } }, /does not work \(no answer within 10 s\)$/],
  ];
  for (const [facts, reason] of cases) {
    const choice = chooseGpuRuntime({ ...H200, ...facts });
    assert.equal(choice.backend, "webgpu");
    assert.match(choice.reason!, reason);
  }
});

Deno.test("chooseGpuRuntime() leaves a program on the CPU to onnxruntime-web, as a matter of course", () => {
  const software = { ...H200, isSoftware: true, hardware: ["llvmpipe"] };
  assert.deepEqual(chooseGpuRuntime(software), { backend: "webgpu", reason: undefined });
});

Deno.test("isWorthTrying() is true for one kind of hardware GPU with onnxruntime-node there, alone", () => {
  assert(isWorthTrying(H200));
  assert(!isWorthTrying({ ...H200, isSoftware: true }));
  assert(!isWorthTrying({ ...H200, isNativeThere: false }));
  assert(!isWorthTrying({ ...H200, hardware: ["NVIDIA H200", "AMD Radeon"] }));
});
