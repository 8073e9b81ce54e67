import assert from "node:assert/strict";
import { UniformStruct } from "../../lib/compute/uniform_struct.ts";
import { gpuTest } from "../support/gpu.ts";

const SIZES = new UniformStruct("Sizes", { rows: "u32", share: "f32", columns: "u32" });

Deno.test("UniformStruct declares its members in order", () => {
  assert.equal(
    SIZES.declaration,
    "struct Sizes {\n  rows: u32,\n  share: f32,\n  columns: u32,\n}",
  );
});

Deno.test("UniformStruct.pack() goes by names, not by their order", () => {
  const bytes = SIZES.pack({ columns: 3, share: 0.5, rows: 2 ** 32 - 1 });
  assert.deepEqual([...new Uint32Array(bytes)], [2 ** 32 - 1, 0x3f000000, 3]);
});

gpuTest("UniformStruct: a shader reads what the host packed", async (gpu) => {
  const code = `${SIZES.declaration}
    @group(0) @binding(0) var<uniform> sizes: Sizes;
    @group(0) @binding(1) var<storage, read_write> seen: array<f32>;
    @compute @workgroup_size(1) fn look() {
      seen[0] = f32(sizes.rows); seen[1] = sizes.share; seen[2] = f32(sizes.columns);
    }`;
  using scope = new DisposableStack();
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const sizes = own(gpu.uniform("sizes", SIZES.pack({ rows: 7, share: 0.25, columns: 9 })));
  const seen = own(gpu.storage("seen", 12));
  gpu.dispatch(await gpu.prepare("look", code), [sizes, seen], [1, 1]);
  const [values] = await gpu.read([seen]);
  assert.deepEqual([...values!.subarray(0, 3)], [7, 0.25, 9]);
});
