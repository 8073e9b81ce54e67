/** What `pack` writes is unpacked into an empty directory, and run there without anything else. */
import assert from "node:assert/strict";
import { pack } from "../../tools/pack.ts";
import { packForBench, runTask } from "../support/packed.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
const packed = await packForBench(directory);
const { outcome, archive } = packed;

Deno.test("pack says how large the archive is and how to use it", () => {
  const [wrote, ...commands] = outcome.out;
  assert.match(wrote!, new RegExp(`^wrote ${archive} \\(\\d+\\.\\d MB\\); `));
  assert.equal(
    commands.join(" &&").replaceAll("  ", " "),
    " tar xf packed.tar && cd coact && DENO_DIR=$PWD/deno_dir deno task bench --device gpu",
  );
});

Deno.test("a packed copy runs native code without a network or any other cache", async () => {
  const { code, out, err } = await runTask(packed, ["devices"]);
  assert.equal(code, 0, err);
  assert.match(out, /^--device cpu: onnxruntime-node on \d+ CPU threads?$/m);
  assert.doesNotMatch(err, /Download/);
});

Deno.test("a packed copy has all that the benchmark loads", async () => {
  const { code, out, err } = await runTask(packed, ["bench", "--help"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^Usage: /);
});

Deno.test("pack refuses to put this Deno in for another platform", async () => {
  const other = Deno.build.target === "aarch64-apple-darwin"
    ? "x86_64-apple-darwin"
    : "aarch64-apple-darwin";
  const { code, err } = await run(pack, ["--with_deno", "--target", other]);
  assert.equal(code, 2);
  assert.match(err[0]!, /^error: --with_deno: this Deno is for /);
});

Deno.test("pack refuses a name by which tar would not pack as said", async () => {
  const { code, err } = await run(pack, ["--output", `${directory.path}/elsewhere/coact.zip`]);
  assert.equal(code, 2);
  assert.match(err[0]!, /^error: --output: expected a name that ends in \.tar\.xz/);
  await assert.rejects(Deno.stat(`${directory.path}/elsewhere`), Deno.errors.NotFound);
});

Deno.test("pack leaves nothing behind but the archive", () => {
  const left = [...Deno.readDirSync(directory.path)].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => name.startsWith(".")), []);
});
