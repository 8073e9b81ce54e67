import assert from "node:assert/strict";
import { ShaderError } from "../../lib/compute/kernel.ts";
import { gpuTest } from "../support/gpu.ts";

const WRONG = `// a comment
@compute @workgroup_size(1)
fn wrong() {
  let a = nonsense;
}
// the end`;

gpuTest("Gpu.prepare() shows what the compiler says of a shader, and the source", async (gpu) => {
  await assert.rejects(gpu.prepare("wrong", WRONG), (error) => {
    assert(error instanceof ShaderError, String(error));
    assert.match(error.message, /^The shader wrong does not compile: /);
    assert.match(error.message, /error: line 4: .*no definition in scope.*`nonsense`/s);
    assert.match(error.message, /\n {5}3 \| fn wrong\(\) \{\n> {4}4 \| {3}let a = nonsense;\n/);
    assert.equal(error.source, WRONG);
    return true;
  });
});

gpuTest("Gpu.prepare() names an entry point that is not there", async (gpu) => {
  const code = "@compute @workgroup_size(1) fn there() {}";
  await assert.rejects(gpu.prepare("elsewhere", code), /The shader elsewhere .*entry point/);
});

gpuTest(
  "Gpu.prepare() leaves a device usable after a shader that does not compile",
  async (gpu) => {
    await assert.rejects(gpu.prepare("wrong", WRONG));
    const buffer = gpu.uploaded("buffer", Float32Array.of(1, 2, 3, 4));
    const [values] = await gpu.read([buffer]);
    buffer.destroy();
    assert.deepEqual([...values!], [1, 2, 3, 4]);
  },
);
