/** What is replaced on Deno's classes stays replaced: this file has the process of its own that it needs. */
import assert from "node:assert/strict";
import { workClock } from "../../lib/base/work_log.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { KernelTimer } from "../../bench/kernel_timer.ts";
import { countCalls } from "../../bench/webgpu_calls.ts";
import { expectsGpu } from "../support/gpu.ts";

const SHADER = `
@group(0) @binding(0) var<storage, read_write> values : array<f32>;
@compute @workgroup_size(64) fn double(@builtin(global_invocation_id) id : vec3<u32>) {
  values[id.x] = 2.0 * values[id.x];
}`;

Deno.test({
  name: "calls are counted, kernels timed by the GPU, and results stay as they are",
  ignore: !expectsGpu,
  fn: async () => {
    const timer = new KernelTimer();
    const calls = countCalls();
    const before = workClock();
    using device = await openDevice("gpu");
    const gpu = device.gpu!;
    if (!gpu.hasTimestamps) return;
    const count = { ...calls };
    const buffer = gpu.uploaded("values", Float32Array.from({ length: 64 }, (_, i) => i));
    const { pipeline, layout } = await compiled(gpu.device);
    const group = gpu.device.createBindGroup({
      layout,
      entries: [{ binding: 0, resource: { buffer } }],
    });
    const commands = gpu.device.createCommandEncoder();
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let run = 0; run < 3; run++) pass.dispatchWorkgroups(1);
    pass.end();
    gpu.device.queue.submit([commands.finish()]);
    const [values] = await gpu.read([buffer]);
    assert.deepEqual([...values!], Array.from({ length: 64 }, (_, i) => 8 * i));
    const made = (name: string) => calls[name]!.count - (count[name]?.count ?? 0);
    assert.deepEqual([made("mapAsync"), made("getMappedRange")], [1, 1]);
    assert(made("createBuffer") >= 2 && calls["createBuffer, mapped at creation"] === undefined);
    assert(calls.submit!.worst > 0 && calls.submit!.worst <= calls.submit!.total);

    const runs = await timer.readRuns();
    const after = workClock();
    const own = runs.filter(({ name }) => name === "doubling");
    assert.equal(own.length, 3, "a run a dispatch");
    for (const { start, end } of own) {
      // The clocks are brought together to a few milliseconds; the machine may be busy.
      assert(before - 1000 < start && start <= end && end < after + 1000);
    }
    buffer.destroy();
  },
});

async function compiled(device: GPUDevice) {
  const module = device.createShaderModule({ label: "doubling", code: SHADER });
  const compute = { module, entryPoint: "double" };
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute });
  return { pipeline, layout: pipeline.getBindGroupLayout(0) };
}
