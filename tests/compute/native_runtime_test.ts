/** onnxruntime-node, each time in a process of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { denoCache } from "../../tools/stage_packages.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const JOB = fileURLToPath(new URL("../support/native_job.ts", import.meta.url));
const { denoDir } = await denoCache();

/** Computes with these permissions; in the environment there is only what is named. */
async function compute(permissions: string[], home: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--cached-only", "--no-prompt", "--allow-read", "--allow-ffi"],
      ...permissions,
      JOB,
    ],
    // In continuous integration ONNX Runtime reports nothing anyway.
    clearEnv: true,
    env: { DENO_DIR: denoDir, HOME: home, ORT_DISABLE_TELEMETRY: "0", NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("onnxruntime-node leaves no report to its makers in the user's cache", async () => {
  using home = new TemporaryDirectory();
  const { code, out, err } = await compute(["--allow-env=ORT_DISABLE_TELEMETRY"], home.path);
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out).sum, [2, 4]);
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
});

Deno.test("onnxruntime-node is not loaded where it cannot be forbidden to report", async () => {
  using home = new TemporaryDirectory();
  const { code, err } = await compute([], home.path);
  assert.notEqual(code, 0);
  assert.match(err, /it would report to its makers; Deno's --allow-env=ORT_DISABLE_TELEMETRY/);
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
});
