import assert from "node:assert/strict";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { readRows } from "../../lib/tensors/picked_rows.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";

Deno.test("readRows() reads the rows that are wanted, near ones at once", async () => {
  using directory = new TemporaryDirectory();
  const values = Float32Array.from({ length: 200 }, (_, i) => i);
  const table = new Map([["table", { shape: [100, 2], values }]]);
  const file = await openTensorFile(directory.write("t.safetensors", safetensors(table)));
  let reads = 0;
  const counting = {
    ...file,
    read: (...args: Parameters<typeof file.read>) => (reads++, file.read(...args)),
  };
  const rows = await readRows(counting, "table", [0, 3, 60, 99]);
  assert.deepEqual(rows, Float32Array.of(0, 1, 6, 7, 120, 121, 198, 199));
  assert.equal(reads, 3);
  assert.deepEqual(await readRows(file, "table", []), new Float32Array(0));
});
