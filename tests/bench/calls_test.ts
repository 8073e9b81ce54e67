import assert from "node:assert/strict";
import { callTable, kernelTable, uploadTable } from "../../bench/calls.ts";

const times = (count: number, total: number) => ({ count, total, worst: total / 2 });

Deno.test("the calls that cost on real GPUs come first, though there was none, the others by their time", () => {
  const calls = {
    destroy: times(3, 0.001),
    submit: times(1234, 2.5),
    finish: times(7, 0.02),
    createComputePipelineAsync: times(15, 0.0042),
  };
  const { rows } = callTable(calls, "webgpu");
  assert.deepEqual(rows.map(([name]) => name), [
    "createBuffer",
    "createBuffer, mapped at creation",
    "getMappedRange",
    "writeBuffer",
    "submit",
    "createComputePipelineAsync, until resolved",
    "mapAsync, until resolved",
    "finish",
    "destroy",
  ]);
  assert.deepEqual(rows[4], ["submit", "1,234", "2500 ms", "1250 ms"]);
  assert.deepEqual(rows[5]!.slice(1), ["15", "4.20 ms", "2.10 ms"]);
  assert.deepEqual(rows[0]!.slice(1), ["0", "–", "–"]);
});

Deno.test("whose calls were not seen is said", () => {
  assert.match(callTable({}, "webgpu-native").notes!.join(" "), /Deno does not see/);
  assert.doesNotMatch(callTable({}, "webgpu").notes!.join(" "), /not see/);
});

Deno.test("kernels stand by their time, with whose they are and their share", () => {
  const kernels = { transpose: { count: 4, total: 0.25 }, Gemm: { count: 48, total: 0.75 } };
  assert.deepEqual(kernelTable(kernels).rows, [
    ["Gemm", "ONNX Runtime", "48", "750 ms", "75 %"],
    ["transpose", "coact", "4", "250 ms", "25 %"],
  ]);
});

Deno.test("uploads say whether the workaround is needed, but for software", () => {
  const bytes = 2 ** 24;
  const says = (mapped: number, isSoftware = false) =>
    uploadTable({ bytes, mapped, written: 0.002, isSoftware }).notes![0]!;
  assert.match(says(0.7), /still needed here/);
  assert.match(says(0.004), /not needed any more/);
  assert.match(says(0.7, true), /only a hardware GPU shows/);
  const { rows } = uploadTable({ bytes, mapped: 0.7, written: 0.002, isSoftware: false });
  assert.deepEqual(rows[0]!.slice(1), ["700 ms", "24 MB/s"]);
});
