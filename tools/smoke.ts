/**
 * Tries a binary as a stranger would: without HOME, in directories that cannot be written to, twice
 * at once, with nothing of the machine's but a directory for temporary files.
 *
 *     deno run --allow-all tools/smoke.ts dist/coact
 *     deno run --allow-all tools/smoke.ts dist/coact --with-native
 *
 * @module
 */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hashFile } from "../lib/files/hash_file.ts";

/** The longest that `--help` may take, in milliseconds. */
const MAX_HELP = 400;

const [path = "dist/coact", flag] = Deno.args;
const devices = flag === "--with-native" ? ["wasm", "cpu"] : ["wasm"];
const binary = resolve(path);
const demo = fileURLToPath(new URL("../demo", import.meta.url));
const isWindows = Deno.build.os === "windows";
const place = await Deno.makeTempDir({ prefix: "coact-smoke-" });
for (const name of ["temporary", "read only", "results"]) await Deno.mkdir(`${place}/${name}`);
if (!isWindows) await Deno.chmod(`${place}/read only`, 0o555);

/** Runs the binary; the working directory is one that cannot be written to. */
async function coact(...args: string[]): Promise<string> {
  const temporary = `${place}/temporary`;
  const kept = isWindows ? { SystemRoot: Deno.env.get("SystemRoot") ?? "" } : {};
  const { code, stdout, stderr } = await new Deno.Command(binary, {
    args,
    cwd: `${place}/read only`,
    clearEnv: true,
    env: { TMPDIR: temporary, TEMP: temporary, TMP: temporary, ...kept },
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, `coact ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/** Analyses a layer of the demo; returns the hashes of what was written, by name. */
async function analyze(name: string, device: string): Promise<Map<string, string>> {
  const results = `${place}/results/${name}`;
  await coact(
    "analyze",
    ...["--lm_model", `${demo}/lm`, "--sae_dir", `${demo}/sae`],
    ...["--qa_file", `${demo}/data/qa_test_id.jsonl`, "--output_dir", results],
    ...["--layers", "6", "--samples_per_relation", "20", "--device", device],
  );
  const hashes = new Map<string, string>();
  for await (const { name } of Deno.readDir(results)) {
    if (name !== "analysis_times.json") hashes.set(name, await hashFile(`${results}/${name}`));
  }
  return hashes;
}

const times: number[] = [];
for (let i = 0; i < 5; i++) {
  const start = performance.now();
  assert.match(await coact("--help"), /^Usage: coact /);
  times.push(performance.now() - start);
}
const fastest = Math.min(...times);
console.log(`--help takes ${fastest.toFixed(0)} ms`);
assert(fastest <= MAX_HELP, `--help takes longer than ${MAX_HELP} ms`);

console.log(await coact("--version"));
console.log(await coact("devices"));
for (const shell of ["bash", "zsh", "fish"]) {
  assert.match(await coact("completions", shell), /coact/);
}

for (const device of devices) {
  const runs = [analyze(`one ${device}`, device), analyze(`two ${device}`, device)];
  const [one, two] = await Promise.all(runs);
  assert(one!.size > 10, "too few files were written");
  assert.deepEqual(one, two);
  console.log(`two analyses at once on ${device} wrote the same files`);
}

await coact("demo", "--device", "wasm", "--output_dir", `${place}/results/demo`);
await coact("dense", "--layers", "6", "--output_dir", `${place}/results/demo/test_id`);
console.log("the demo runs, and its pictures can be drawn again");

if (!isWindows) {
  for await (const { name, isDirectory } of Deno.readDir(`${place}/temporary`)) {
    const { mode } = await Deno.stat(`${place}/temporary/${name}`);
    assert.equal(isDirectory && mode! & 0o077, 0, `others can read ${name}`);
    assert(!name.startsWith("coact-native-"), `${name} is left`);
  }
  console.log("what was unpacked only its user can read");
}
await Deno.remove(place, { recursive: true });
