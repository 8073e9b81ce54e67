/** The benchmark of the shader from a packed copy: a GPU made of software takes its time. */
import assert from "node:assert/strict";
import { gpuTest } from "../support/gpu.ts";
import { packForBench, runTask } from "../support/packed.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

gpuTest("a packed copy runs the benchmark of the shader", async () => {
  using directory = new TemporaryDirectory();
  const packed = await packForBench(directory);
  const { code, err } = await runTask(packed, [
    ...["bench", "--device", "gpu", "--parts", "kernel", "--python", "none"],
    ...["--report", directory.path],
  ]);
  assert.equal(code, 0, err);
  assert.doesNotMatch(err, /Download/);
  const { tables } = JSON.parse(await Deno.readTextFile(`${directory.path}/bench.json`));
  assert.match(tables[0].title, /^The shader: /);
});
