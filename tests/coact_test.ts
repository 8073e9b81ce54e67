/** The program is the scripts, under one name. */
import assert from "node:assert/strict";
import { coact } from "../coact.ts";
import { runCoact, runScript, SCRIPTS } from "./support/scripts.ts";
import { TemporaryDirectory } from "./support/temporary.ts";
import { writeTinyInputs } from "./support/tiny_analysis.ts";

const scripts = [...Deno.readDirSync(SCRIPTS)].map(({ name }) => name.replace(/\.ts$/, "")).sort();

Deno.test("coact holds the very definition of every script, and no other", async () => {
  assert.deepEqual(coact.commands.map(({ name }) => name).toSorted(), scripts);
  for (const command of coact.commands) {
    const exported = Object.values(await import(`${SCRIPTS}/${command.name}.ts`));
    assert.equal(exported[0], command);
  }
});

Deno.test("coact --help lists every command with what it makes", async () => {
  const { code, out, err } = await runCoact(["--help"]);
  assert.deepEqual([code, err], [0, ""]);
  const help = out.replaceAll(/\s+/g, " ");
  for (const { name, summary } of coact.commands) assert(help.includes(` ${name} ${summary} `));
});

Deno.test("coact help X is coact X --help, that of the script in coact's words", async () => {
  const [help, flag, script] = await Promise.all([
    runCoact(["help", "dense"]),
    runCoact(["dense", "--help"]),
    runScript("dense", ["--help"]),
  ]);
  assert.deepEqual(help, flag);
  const words = script.out.replace("Usage: dense", "Usage: coact dense")
    .replaceAll("deno task ", "coact ");
  assert.equal(help.out, words);
});

Deno.test("coact analyze writes the files that scripts/analyze.ts writes", async () => {
  using directory = new TemporaryDirectory();
  const args = writeTinyInputs(directory, { layers: [0, 1] });
  const [program, script] = await Promise.all([
    runCoact(["analyze", ...args, "--output_dir", "by program"], directory.path),
    runScript("analyze", [...args, "--output_dir", `${directory.path}/by script`]),
  ]);
  assert.equal(program.code, 0, program.err);
  assert.equal(script.code, 0, script.err);
  assert.match(program.err, /^device: onnxruntime-node on \d+ CPU threads? \(asked for\)$/m);
  const files = filesIn(`${directory.path}/by script`);
  assert(files.size > 20, "too few files to compare");
  assert.deepEqual(filesIn(`${directory.path}/by program`), files);
});

Deno.test("coact says what to type next in its own words", async () => {
  using directory = new TemporaryDirectory();
  const { code, err } = await runCoact(["dense", "--output_dir", "."], directory.path);
  assert.equal(code, 1);
  assert.match(err, /make one with: coact analyze --output_dir \.$/m);
});

Deno.test("coact devices names every device and what auto would choose", async () => {
  const { code, out, err } = await runCoact(["devices"]);
  assert.equal(code, 0, err);
  assert.match(out, /^--device gpu: /m);
  assert.match(out, /^--device cpu: onnxruntime-node on \d+ CPU threads?$/m);
  assert.match(out, /^--device wasm: /m);
  assert.match(out, /^--device auto: takes (gpu|cpu|wasm), .+, for .+$/m);
});

Deno.test("coact --version names the versions of its parts, and the GPUs", async () => {
  const { code, out, err } = await runCoact(["--version"]);
  assert.equal(code, 0, err);
  for (const name of ["coact", "deno", "onnxruntime-web", "onnxruntime-node"]) {
    assert.match(out, new RegExp(`^${name} \\d`, "m"));
  }
  assert.match(out, /^GPU: /m);
});

/** The files in a directory by name, but for how long the phases took. */
function filesIn(directory: string): Map<string, Uint8Array> {
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort()
    .filter((name) => name !== "analysis_times.json");
  return new Map(names.map((name) => [name, Deno.readFileSync(`${directory}/${name}`)]));
}
