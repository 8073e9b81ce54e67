/**
 * The package that `deno publish` makes: published to a registry on this machine, and run from there.
 * Its modules then have no folder, as those of any package on the web.
 */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { denoCache } from "../tools/stage_packages.ts";
import { expectsGpu } from "./support/gpu.ts";
import { ROOT, taskFlags } from "./support/scripts.ts";
import { TemporaryDirectory } from "./support/temporary.ts";

const PACKAGE = `jsr:${config.name}@${config.version}`;
const DEMO = `${ROOT}/demo`;

const directory = new TemporaryDirectory();
const registry = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"],
    `${ROOT}/tests/support/package_registry.ts`,
  ],
  stdout: "piped",
}).spawn();
addEventListener("unload", () => { // after the tests
  registry.kill();
  directory[Symbol.dispose]();
});
const said = registry.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();

/** The next line that the registry prints. */
async function nextLine(): Promise<string> {
  let line = "";
  while (!line.endsWith("\n")) line += (await said.next()).value;
  return line.trim();
}

const address = await nextLine();

// A cache without coact, but with npm's packages, of the versions in deno.lock.
const CACHE = `${directory.path}/cache`;
await Deno.mkdir(CACHE);
await Deno.symlink((await denoCache()).npmCache, `${CACHE}/npm`);
await Deno.copyFile(`${ROOT}/deno.lock`, `${directory.path}/deno.lock`);

const NOWHERE = "http://127.0.0.1:9";
/** No other host than the registry. */
const OFFLINE = { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, NO_PROXY: "127.0.0.1" };

/** Runs Deno with the registry at hand, and no other host unless it is allowed. */
async function deno(args: readonly string[], env: Record<string, string> = OFFLINE) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: directory.path,
    env: { ...{ JSR_URL: address, NO_COLOR: "1" }, ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a module with what the package's users have: the package, and no folder of the project. */
function run(module: string, args: readonly string[] = []) {
  return deno([
    ...["run", "--quiet", "--lock=deno.lock", "--frozen=false", ...taskFlags("analyze")],
    ...[module, ...args],
  ], { ...OFFLINE, DENO_DIR: CACHE });
}

/** Whether everything is committed is another question; types are checked by `deno check`. */
const published = await deno([
  ...["publish", "--allow-dirty", "--no-check", "--config", `${ROOT}/deno.json`],
  ...["--token", "none", "--no-provenance"],
]);

// What a project with a lock file has fetched lacks npm's lists of versions of indirect packages.
// A user of the package fetches them with it, as here, once; after that it runs without a network.
const fetched = published.code !== 0 ? published : await deno([
  ...["cache", "--quiet", "--lock=deno.lock", "--frozen=false"],
  ...[`${PACKAGE}/cli`, PACKAGE, `${PACKAGE}/plot`, `${PACKAGE}/pictures`],
], { DENO_DIR: CACHE });

Deno.test("the package can be published: exports, types, and no file but what it needs", async () => {
  const text = published.out + published.err;
  assert.equal(published.code, 0, text);
  assert.doesNotMatch(text, /warning/i);
  const paths: string[] = JSON.parse(await nextLine()).map((path: string) => path.slice(1));
  for (const path of Object.values(config.exports)) assert(paths.includes(path.slice(2)), path);
  assert(paths.some((path) => path.endsWith(".wgsl")), "the shaders are missing");
  const others = paths.filter((path) =>
    !/^(lib|scripts)\/|^docs\/\w+\.(md|png)$|^[\w.]+$/.test(path)
  );
  assert.deepEqual(others, []);
});

Deno.test("the package and what it depends on can be fetched", () => {
  assert.equal(fetched.code, 0, fetched.err);
});

Deno.test("the published program shows its help", async () => {
  const { code, out, err } = await run(`${PACKAGE}/cli`, ["--help"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^Usage: coact <command>/);
});

for (const device of ["cpu", "wasm", ...(expectsGpu ? ["gpu"] : [])]) {
  Deno.test(`the published program analyses on ${device}, and draws`, async () => {
    const { code, err } = await run(`${PACKAGE}/cli`, [
      "analyze",
      ...["--lm_model", `${DEMO}/lm`, "--sae_dir", `${DEMO}/sae`, "--output_dir", device],
      ...["--qa_file", `${DEMO}/data/qa_test_id.jsonl`, "--device", device],
      ...["--layers", "1", "--samples_per_relation", "2", "--dpi", "20"],
      ...(device === "cpu" ? [] : ["--no_statistics"]), // which are the same anywhere
    ]);
    assert.equal(code, 0, err);
    const made = [...Deno.readDirSync(`${directory.path}/${device}`)].map(({ name }) => name);
    assert(made.includes("layer01_dense_activation_heatmap.png"), made.join(", "));
    assert(made.includes("analysis_summary.json"));
  });
}

Deno.test("the published program draws again from what is on disk", async () => {
  const picture = `${directory.path}/cpu/layer01_dense_activation_heatmap.svg`;
  const args = ["dense", "--layers", "1", "--output_dir", "cpu", "--format", "svg"];
  const { code, err } = await run(`${PACKAGE}/cli`, args);
  assert.equal(code, 0, err);
  assert.match(Deno.readTextFileSync(picture), /^<svg/m);
});

Deno.test("the published program says that the demo is not part of the package", async () => {
  const { code, err } = await run(`${PACKAGE}/cli`, ["demo"]);
  assert.deepEqual([code, err], [
    1,
    "error: the demo's files are not part of the package; coact's repository has them\n",
  ]);
});

Deno.test("the published library analyses, and has the parts of the pictures", async () => {
  const module = directory.write(
    "library.ts",
    `import { analyzeLayers, openDevice, planAnalysis, summarizeLayer } from "${PACKAGE}";
    import * as plot from "${PACKAGE}/plot";
    import * as pictures from "${PACKAGE}/pictures";
    const plan = await planAnalysis({
      lmModel: "${DEMO}/lm",
      saeDirectory: "${DEMO}/sae",
      questionFile: "${DEMO}/data/qa_test_id.jsonl",
      layers: [1],
      samplesPerRelation: 2,
      threshold: 0.1,
    });
    using device = await openDevice("cpu");
    for await (const layer of analyzeLayers(plan, device)) {
      console.log(summarizeLayer(layer).binding_accuracy, [plot, pictures].every((part) => Object.keys(part).length > 4));
    }`,
  );
  const { code, out, err } = await run(module);
  assert.equal(code, 0, err);
  assert.match(out, /^[01](\.\d+)? true\n$/);
});

Deno.test("deno install makes a command of the project's folder, as docs/binary.md says", async () => {
  const page = Deno.readTextFileSync(`${ROOT}/docs/binary.md`);
  const [, command] = /^deno (install --global (?:.+\\\n)*.+)$/m.exec(page)!;
  const args = command!.split(/\s+\\?\s*/);
  const root = `${directory.path}/installed`;
  const install = await new Deno.Command(Deno.execPath(), {
    args: [args[0]!, "--root", root, ...args.slice(1)],
    cwd: ROOT,
  }).output();
  assert(install.success, new TextDecoder().decode(install.stderr));
  const path = `${root}/bin/coact${Deno.build.os === "windows" ? ".cmd" : ""}`;
  const { success, stdout } = await new Deno.Command(path, {
    args: ["devices"],
    cwd: directory.path,
  }).output();
  assert(success);
  assert.match(new TextDecoder().decode(stdout), /^--device cpu: onnxruntime-node on \d+ CPU/m);
});
