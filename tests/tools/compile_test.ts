/** What `compile` puts into a binary; that with native code is among what soaks. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { coact } from "../../coact.ts";
import { readCompiledBinary } from "../../tools/compiled_binary.ts";
import { compileArguments, compileFailure, inspect } from "../../tools/compile.ts";
import { PACKAGES_FOLDER } from "../../tools/package_files.ts";
import { permissionFlags } from "../../tools/permissions.ts";
import { ROOT } from "../../tools/stage_packages.ts";
import { TARGETS } from "../../tools/targets.ts";
import { compileWith, STAND_IN, unpack } from "../support/compiled.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { CaughtTerminal } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** The paths of the files in a directory of the project, with slashes. */
function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(join(ROOT, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
const outcome = await compileWith(STAND_IN, ["--output_dir", directory.path]);
const output = `${directory.path}/coact${TARGETS[Deno.build.target]!.extension}`;
assert.deepEqual([outcome.code, outcome.err], [0, []]);
const compiled = readCompiledBinary(output, await Deno.readFile(output));
const { buffer, byteOffset, byteLength } = compiled.section;
/** What the binary holds, a character for each byte. */
const text = Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
const paths = compiled.files.map(({ path }) => path);
await unpack(compiled, directory.path);

/** Runs coact from the unpacked files: no HOME, no other cache, no network. */
async function runUnpacked(args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--cached-only",
      "--v8-flags=--wasm-tiering-budget=130000000", // as the tests themselves: it runs for a moment
      ...permissionFlags(Object.values(config.tasks).map(({ command }) => command)),
      `${directory.path}/program/coact.ts`,
      ...args,
    ],
    clearEnv: true,
    env: { DENO_DIR: `${directory.path}/cache` },
    cwd,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("compile says where the binary is and how large each part is", () => {
  const table = outcome.out.join("\n");
  for (const part of ["Deno's runtime", "canvas", "onnxruntime-web", "fonts", "demo", "coact"]) {
    assert.match(table, new RegExp(`^  ${part} +\\d+\\.\\d MB`, "m"));
  }
  assert.match(table, /^ {2}all +\d+\.\d MB +\d+ files$/m);
  assert.equal(outcome.out.at(-1), `wrote ${output}`);
});

Deno.test("a binary holds every command, every shader and all files of the demo", () => {
  const expected = [
    "coact.ts",
    ...coact.commands.map(({ name }) => `scripts/${name}.ts`),
    ...filesBelow("lib/wgsl"),
    ...["data", "lm", "sae", "sae_traditional"].flatMap((name) => filesBelow(`demo/${name}`)),
  ];
  assert.deepEqual(expected.filter((path) => !paths.includes(path)), []);
});

Deno.test("a binary holds native code of the canvas and of nothing else", () => {
  const native = paths.filter((path) => /\.(node|dylib|dll|so(\.\d+)*)$/.test(path));
  assert.equal(native.length, 1, native.join(", "));
  assert.match(native[0]!, new RegExp(`canvas-${TARGETS[Deno.build.target]!.canvas}/`));
});

Deno.test("a binary holds neither tests nor tools, nor packages for them", () => {
  const strange = paths.filter((path) => /^(tests|tools|bench|docs|\.)/.test(path));
  assert.deepEqual(strange.filter((path) => !path.startsWith(PACKAGES_FOLDER)), []);
  assert.deepEqual(paths.filter((path) => path.includes("fast-check")), []);
});

Deno.test("a binary may start the worker that is to write to one directory only", () => {
  assert.match(text, /"features":\["worker-options"\]/);
});

Deno.test("a binary is run without asking, with the permissions of the tasks", () => {
  const { prompt, allow_read, allow_write, allow_ffi, allow_env, ...others } = compiled.permissions;
  assert.deepEqual([prompt, allow_read, allow_write, allow_ffi], [false, [], [], []]);
  assert((allow_env as string[]).includes("XDG_RUNTIME_DIR"));
  assert.deepEqual([others.allow_net, others.allow_run], [null, null]);
  assert.deepEqual(others.allow_sys, ["systemMemoryInfo"]); // how much memory is free
});

Deno.test("a binary holds no path of the machine that made it", () => {
  for (const path of [ROOT, directory.path, "/home/", "/Users/runner"]) {
    const position = text.indexOf(`file://${path}`);
    assert.equal(position, -1, text.slice(position - 99, position + 99));
  }
  assert(!text.includes(directory.path));
});

Deno.test("a binary holds the licences of what is in it", () => {
  for (
    const name of [
      "zod",
      "commander",
      "@napi-rs/canvas",
      "dejavu-fonts-ttf",
      "@fontsource-variable/noto-sans-sc",
    ]
  ) {
    const pattern = new RegExp(`/${name}/[^/]+/LICENSE`);
    assert(paths.some((path) => pattern.test(path)), name);
  }
});

/** The arguments of a small analysis of the demo in a binary. */
function smallAnalysis(results: string, device: string): string[] {
  const demo = `${directory.path}/program/demo`;
  return [
    "analyze",
    ...["--lm_model", `${demo}/lm`, "--sae_dir", `${demo}/sae`],
    ...["--qa_file", `${demo}/data/qa_test_id.jsonl`, "--output_dir", results],
    ...["--layers", "1", "--samples_per_relation", "2", "--dpi", "20"],
    ...["--format", "png,svg,pdf", "--device", device],
    ...(device === "gpu" ? ["--no_statistics"] : []), // which are the same anywhere
  ];
}

Deno.test("the files in a binary are all that an analysis needs, two at a time, a GPU's among them", async () => {
  const results = `${directory.path}/elsewhere`;
  await Deno.mkdir(results);
  const devices = ["wasm", expectsGpu ? "gpu" : "wasm"];
  const analyze = (device: string, run: number) =>
    runUnpacked(smallAnalysis(`run${run}`, device), results);
  for (const { code, err } of await Promise.all(devices.map(analyze))) assert.equal(code, 0, err);
  for (const run of devices.keys()) {
    const made = [...Deno.readDirSync(`${results}/run${run}`)].map(({ name }) => name);
    assert(made.includes("layer01_dense_activation_heatmap.png"), made.join(", "));
    assert(made.includes("analysis_summary.json"));
  }
});

Deno.test("without onnxruntime-node, auto takes another device and cpu says why not", async () => {
  const { code, out, err } = await runUnpacked(["devices"], directory.path);
  assert.equal(code, 0, err);
  assert.match(out, /^--device cpu: onnxruntime-node is not there: coact was built without it/m);
  assert.match(out, /^--device auto: takes (wasm|gpu), /m);
});

Deno.test("without onnxruntime-node, --version says that it is not built in", async () => {
  const { code, out, err } = await runUnpacked(["--version"], directory.path);
  assert.equal(code, 0, err);
  assert.match(out, /^onnxruntime-web \d/m);
  assert.match(out, /^onnxruntime-node is not built in$/m);
});

Deno.test("what is too large is removed, and compile fails", async () => {
  const large = `${directory.path}/large`;
  await Deno.copyFile(output, large);
  await Deno.truncate(large, 250e6 + 1); // what is added takes no place
  const target = TARGETS[Deno.build.target]!;
  const terminal = new CaughtTerminal();
  await assert.rejects(
    inspect(large, { target, withNative: false, withDemo: true }, [], terminal),
    inputError(
      `${large} was too large and is removed: it has 250.1 MB, more than 250 MB; add --without-demo`,
    ),
  );
  assert.match(terminal.out.join("\n"), /^ {2}all +250\.0 MB/m);
  await assert.rejects(Deno.stat(large), Deno.errors.NotFound);
});

Deno.test("compile says in one line that Deno's runtime is not where DENORT_BIN says", async () => {
  const { code, err } = await compileWith("/no/such/denort", ["--output_dir", directory.path]);
  assert.equal(code, 1);
  assert.deepEqual(err, ["error: /no/such/denort, which DENORT_BIN names, does not exist"]);
});

Deno.test("compileFailure() says what to do where Deno's runtime cannot be had", () => {
  const text = "Compile coact.ts to dist/coact\nDownload https://example.org/denort-x.zip\n" +
    "error: Writing deno compile executable\n\nCaused by:\n    0: no network\n";
  assert.match(
    compileFailure(text, "x86_64-apple-darwin"),
    /needs denort, .*; set DENORT_BIN to the path of denort \S+ for x86_64-apple-darwin$/,
  );
});

Deno.test("compileFailure() says what else is wrong, without Deno's own stack", () => {
  const text = "Warning: scripts\nerror: Writing failed\n\nCaused by:\n    disk full\n\n" +
    "Stack backtrace:\n   0: <unknown>\n";
  assert.equal(
    compileFailure(text, "t").replaceAll(/\s+/g, " "),
    "deno compile failed for t: Writing failed Caused by: disk full",
  );
});

const REFUSED: readonly [args: string[], message: RegExp][] = [
  [["--target", "wasm32"], /^error: --target wasm32: there is no target wasm32; there are /],
  [["--target", "x86_64-apple-darwin,aarch64-apple-darwin"], /DENORT_BIN is the runtime of one/],
  [["--target", "x86_64-apple-darwin", "--with-native"], /onnxruntime-node has nothing for darwin/],
];
for (const [args, message] of REFUSED) {
  Deno.test(`compile refuses ${args.join(" ")}`, async () => {
    const { code, err } = await compileWith(STAND_IN, ["--output_dir", directory.path, ...args]);
    assert.equal(code, 2);
    assert.equal(err.length, 1);
    assert.match(err[0]!, message);
  });
}

Deno.test("compileArguments() includes the threads that load native code, with native code alone", () => {
  for (const name of ["native_webgpu", "session_thread"]) {
    const module = `lib/compute/${name}_worker.ts`;
    assert(Deno.statSync(join(ROOT, module)).isFile);
    for (const withNative of [true, false]) {
      const contents = { target: TARGETS[Deno.build.target]!, withNative, withDemo: false };
      const included = compileArguments(Deno.build.target, "coact", contents).includes(module);
      assert.equal(included, withNative);
    }
  }
});
