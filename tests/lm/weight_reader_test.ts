import assert from "node:assert/strict";
import type { WeightSource } from "../../lib/compute/session_weights.ts";
import { WeightReader } from "../../lib/lm/weight_reader.ts";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";

const TENSORS = new Map([
  ["a", { shape: [2, 2], values: Float32Array.of(1, -4, 2, 3) }],
  ["b", { shape: [1], values: Float32Array.of(0.5) }],
]);

async function sources(directory: TemporaryDirectory) {
  const path = directory.write("model.safetensors", safetensors(TENSORS));
  const file = await openTensorFile(path);
  const source = (name: string) => ({ file, tensor: file.tensors.get(name)! });
  return { path, a: source("a"), b: source("b") };
}

for (const wantsValues of [false, true]) {
  Deno.test(`WeightReader says how large weights are, ${wantsValues ? "with" : "without"} them`, async () => {
    using directory = new TemporaryDirectory();
    const { a, b } = await sources(directory);
    using reader = new WeightReader(wantsValues);
    for (let time = 0; time < 2; time++) { // stage after stage
      const read = await reader.read(new Map([["x", a], ["y", b]]));
      assert.deepEqual([...read.values()], [
        { name: "x", greatest: 4, values: wantsValues ? TENSORS.get("a")!.values : undefined },
        { name: "y", greatest: 0.5, values: wantsValues ? TENSORS.get("b")!.values : undefined },
      ]);
    }
  });
}

Deno.test("WeightReader leaves out weights of which some rows are needed", async () => {
  using directory = new TemporaryDirectory();
  const { a, b } = await sources(directory);
  using reader = new WeightReader(true);
  const read = await reader.read(
    new Map<string, WeightSource>([["x", { ...a, rows: [1] }], ["y", b]]),
  );
  assert.deepEqual([...read.keys()], ["y"]);
});

Deno.test("WeightReader names the file that is gone", async () => {
  using directory = new TemporaryDirectory();
  const { path, a } = await sources(directory);
  Deno.removeSync(path);
  using reader = new WeightReader(false);
  await assert.rejects(reader.read(new Map([["x", a]])), inputError(/model\.safetensors/));
});
