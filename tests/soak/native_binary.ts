/** A binary with native code, which takes a second run of `deno compile` and 40 MB more. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readCompiledBinary } from "../../tools/compiled_binary.ts";
import { ROOT } from "../../tools/stage_packages.ts";
import { TARGETS } from "../../tools/targets.ts";
import { compileWith, STAND_IN, unpack } from "../support/compiled.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Unpacks onnxruntime-node as a binary does, and computes with it. */
const NATIVE_JOB = join(ROOT, "tests/support/native_job.ts");

Deno.test("a binary with native code holds what computes there after it was unpacked", async () => {
  using place = new TemporaryDirectory();
  const args = ["--with-native", "--without-demo", "--output_dir", place.path];
  const { code, err } = await compileWith(STAND_IN, args);
  assert.deepEqual([code, err], [0, []]);
  const binary = `${place.path}/coact${TARGETS[Deno.build.target]!.extension}`;
  const native = readCompiledBinary(binary, await Deno.readFile(binary));
  const names = native.files.filter(({ path }) => path.includes("/onnxruntime-node/"))
    .filter(({ path }) => /\.(node|dylib|dll|so(\.\d+)*)$/.test(path));
  assert.equal(names.length, 2);
  await unpack(native, place.path);
  const temporary = `${place.path}/temporary`;
  await Deno.mkdir(temporary);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--cached-only", "--allow-all", NATIVE_JOB],
    clearEnv: true,
    env: { DENO_DIR: `${place.path}/cache`, TMPDIR: temporary, PATH: Deno.env.get("PATH") ?? "" },
  }).output();
  const decoder = new TextDecoder();
  assert(stdout.length > 0, decoder.decode(stderr));
  const { sum, mapped } = JSON.parse(decoder.decode(stdout));
  assert.deepEqual(sum, [2, 4]);
  for (const path of mapped) assert(path.startsWith(`${temporary}/coact-native-`), path);
});
