/**
 * `deno compile` behind a stand-in for Deno's runtime, which is not to be had everywhere: all is
 * made as for a real one. The files that are then in the binary are put into empty directories, and
 * coact is run from them by Deno itself, to see that nothing else is needed.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { dirname, join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { coact } from "../../coact.ts";
import { type CompiledBinary, readCompiledBinary } from "../../tools/compiled_binary.ts";
import { compile, compileArguments, compileFailure } from "../../tools/compile.ts";
import { PACKAGES_FOLDER } from "../../tools/package_files.ts";
import { permissionFlags } from "../../tools/permissions.ts";
import { registryFolder, ROOT, stubLockedPackages } from "../../tools/stage_packages.ts";
import { TARGETS } from "../../tools/targets.ts";
import { gpuTest } from "../support/gpu.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Any executable of the platform's format will do; a small one is written faster. */
const STAND_IN = Deno.build.os === "linux" ? "/bin/true" : Deno.execPath();

/** Unpacks onnxruntime-node as a binary does, and computes with it. */
const NATIVE_JOB = join(ROOT, "tests/support/native_job.ts");

/** Runs `compile` with a stand-in for Deno's runtime. */
async function compileWith(denort: string, args: readonly string[]) {
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", denort);
  try {
    return await run(compile, args);
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    else Deno.env.set("DENORT_BIN", before);
  }
}

/** The paths of the files in a directory of the project, with slashes. */
function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(join(ROOT, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/**
 * Puts the files of a binary where Deno looks for them: those of packages into a cache of Deno's,
 * the others into a folder. The versions of the packages are in the binary, in a form of its own;
 * Deno takes them from deno.lock.
 */
async function unpack({ files }: CompiledBinary, directory: string): Promise<void> {
  const cache = `${directory}/cache/npm/${await registryFolder()}/`;
  for (const { path, bytes } of files) {
    const place = path.startsWith(PACKAGES_FOLDER)
      ? cache + path.slice(PACKAGES_FOLDER.length)
      : `${directory}/program/${path}`;
    await Deno.mkdir(dirname(place), { recursive: true });
    await Deno.writeFile(place, bytes);
  }
  await Deno.copyFile(join(ROOT, "deno.lock"), `${directory}/program/deno.lock`);
  await stubLockedPackages(cache);
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
    ...["--layers", "2", "--samples_per_relation", "2", "--dpi", "20"],
    ...["--format", "png,svg,pdf", "--device", device],
  ];
}

Deno.test("the files in a binary are all that an analysis needs, two at a time", async () => {
  const results = `${directory.path}/elsewhere`;
  await Deno.mkdir(results);
  const analyze = (name: string) => runUnpacked(smallAnalysis(name, "wasm"), results);
  for (const { code, err } of await Promise.all([analyze("one"), analyze("two")])) {
    assert.equal(code, 0, err);
  }
  for (const name of ["one", "two"]) {
    const made = [...Deno.readDirSync(`${results}/${name}`)].map(({ name }) => name);
    assert(made.includes("layer02_dense_activation_heatmap.png"), made.join(", "));
    assert(made.includes("analysis_summary.json"));
  }
});

gpuTest("the files in a binary are all that an analysis on a GPU needs", async () => {
  const { code, err } = await runUnpacked(smallAnalysis("on_gpu", "gpu"), directory.path);
  assert.equal(code, 0, err);
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

Deno.test("compile fails where the binary is too large, and leaves none", async () => {
  using place = new TemporaryDirectory();
  const large = `${place.path}/large`;
  await Deno.copyFile(STAND_IN, large);
  await Deno.truncate(large, 165e6);
  const { code, out, err } = await compileWith(large, ["--output_dir", `${place.path}/dist`]);
  assert.equal(code, 1);
  assert.equal(err.length, 1);
  assert.match(err[0]!, /too large and is removed: it has \d+(\.\d)? MB, .+; add --without-demo$/);
  assert.match(out.join("\n"), /^ {2}all +\d+\.\d MB/m);
  assert.deepEqual([...Deno.readDirSync(place.path)].map(({ name }) => name), ["large"]);
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
