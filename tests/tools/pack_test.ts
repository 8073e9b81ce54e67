/** What `pack` writes is unpacked into an empty directory, and run there without anything else. */
import assert from "node:assert/strict";
import { pack } from "../../tools/pack.ts";
import { gpuTest } from "../support/gpu.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
const archive = `${directory.path}/packed.tar`;
const outcome = await run(pack, ["--output", archive, "--bench_only"]);
assert.deepEqual([outcome.code, outcome.err], [0, []]);
await new Deno.Command("tar", { args: ["-xf", archive, "-C", directory.path] }).output();
const copy = `${directory.path}/coact`;

/** Runs a task of the copy: no HOME, no other cache, and a network that answers nothing. */
async function runTask(args: readonly string[]) {
  const nowhere = "http://127.0.0.1:9";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: copy,
    clearEnv: true,
    env: { DENO_DIR: `${copy}/deno_dir`, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, PATH: "" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("pack says how large the archive is and how to use it", () => {
  const [wrote, ...commands] = outcome.out;
  assert.match(wrote!, new RegExp(`^wrote ${archive} \\(\\d+\\.\\d MB\\); `));
  assert.equal(
    commands.join(" &&").replaceAll("  ", " "),
    " tar xf packed.tar && cd coact && DENO_DIR=$PWD/deno_dir deno task bench --device gpu",
  );
});

Deno.test("a packed copy runs native code without a network or any other cache", async () => {
  const { code, out, err } = await runTask(["devices"]);
  assert.equal(code, 0, err);
  assert.match(out, /^--device cpu: onnxruntime-node on \d+ CPU threads?$/m);
  assert.doesNotMatch(err, /Download/);
});

gpuTest("a packed copy runs the benchmark of the shader", async () => {
  const { code, err } = await runTask([
    ...["bench", "--device", "gpu", "--parts", "kernel", "--python", "none"],
    ...["--report", directory.path],
  ]);
  assert.equal(code, 0, err);
  assert.doesNotMatch(err, /Download/);
  const { tables } = JSON.parse(await Deno.readTextFile(`${directory.path}/bench.json`));
  assert.match(tables[0].title, /^The shader: /);
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
