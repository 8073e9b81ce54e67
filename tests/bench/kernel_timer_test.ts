import assert from "node:assert/strict";
import { kernelTable, nameOf } from "../../bench/kernel_timer.ts";

Deno.test("the runs of a kernel are counted, and their nanoseconds summed up as seconds", () => {
  const table = kernelTable([
    { name: "Gemm", begin: 0n, end: 1_500_000_000n },
    { name: "Add", begin: 5n, end: 5n },
    { name: "Gemm", begin: 2_000_000_000n, end: 2_500_000_000n },
  ]);
  assert.deepEqual(table, { Gemm: { count: 2, total: 2 }, Add: { count: 1, total: 0 } });
});

Deno.test("a shader without a label is called by its buffers and its length", () => {
  const code = "@group(0) @binding(0) var<storage, read> weights : array<f32>;\n" +
    "@group(0) @binding(1) var<storage, read_write> sums : array<f32>;";
  assert.equal(nameOf({ code }), `weights sums (${code.length})`);
  assert.equal(nameOf({ code, label: "Gemm" }), "Gemm");
});
