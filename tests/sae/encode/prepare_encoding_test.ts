import assert from "node:assert/strict";
import { Gpu } from "../../../lib/compute/gpu.ts";
import { requireAdapter } from "../../../lib/compute/find_adapter.ts";
import { RELU } from "../../../lib/sae/activation.ts";
import { prepareEncoding } from "../../../lib/sae/encode/prepare_encoding.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { saeOf } from "../../../lib/sae/sae.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("prepareEncoding() compiles what an SAE with ReLU needs", async () => {
  using gpu = await Gpu.open(await requireAdapter());
  await prepareEncoding(gpu);
  let compiled = 0;
  const create = gpu.device.createComputePipelineAsync.bind(gpu.device);
  gpu.device.createComputePipelineAsync = (descriptor) => (compiled++, create(descriptor));
  const shape = {
    kind: "traditional",
    width: 2,
    featureCount: 1,
    freeCount: 1,
    slotCount: 0,
  } as const;
  const rows = wholeRows(Float32Array.of(1, 2), 2);
  const sae = { ...saeOf(shape, { rows, bias: new Float32Array(1) }), activation: RELU };
  const hidden = rowsInMemory(Float32Array.of(3, 4), 2);
  await using encoder = new WebGpuEncoder(gpu);
  const { reductions } = await encoder.encode({ hidden, groupSizes: [1], sae, threshold: 0 });
  assert.deepEqual([...reductions.maxima], [11]);
  assert.equal(compiled, 0);
});

gpuTest("prepareEncoding() leaves what fails to whoever encodes", async () => {
  const gpu = await Gpu.open(await requireAdapter());
  gpu.destroy();
  await prepareEncoding(gpu);
});
