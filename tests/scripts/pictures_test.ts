/**
 * The scripts that draw pictures: one with the permissions of its task and no more, which are those of
 * all of them, the rest in this process.
 */
import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { coact } from "../../coact.ts";
import { type Outcome, run } from "../support/run.ts";
import { runScript, type ScriptOutcome } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const PICTURES = {
  dense: "layer06_dense_activation_heatmap",
  slots: "layer06_relation_slots_only",
  top: "layer06_top3_free_features",
  consistency: "layer06_feature_consistency",
} as const;

async function analysed(): Promise<TemporaryDirectory> {
  const directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  return directory;
}

function files({ path }: TemporaryDirectory): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}

/** Runs the command of a script in this process. */
function runHere(script: string, args: readonly string[]): Promise<Outcome> {
  return run(coact.commands.find(({ name }) => name === script)!, args);
}

/** An outcome as that of a process. */
function joined({ code, out, err }: Outcome): ScriptOutcome {
  return { code, out: out.join("\n"), err: err.join("\n") };
}

for (const [script, name] of Object.entries(PICTURES)) {
  Deno.test(`scripts/${script}.ts draws its picture from what is on disk, in every format, and the same bytes each time`, async () => {
    using directory = await analysed();
    const before = files(directory);
    const args = [
      ...["--output_dir", directory.path, "--layers", "6"],
      ...["--dpi", "20", "--format", "png,svg,pdf", "--colormap", "cividis"],
    ];
    const { code, out, err } = script === "dense"
      ? await runScript(script, args)
      : joined(await runHere(script, args));
    assert.equal(code, 0, err);
    assert.equal(err, "");
    const made = files(directory).filter((file) => !before.includes(file));
    assert.deepEqual(made.sort(), ["pdf", "png", "svg"].map((format) => `${name}.${format}`));
    for (const format of ["png", "svg", "pdf"]) {
      assert(out.includes(`wrote ${directory.path}/${name}.${format} (2 × 5, `), out);
    }
    const read = () => made.map((file) => Deno.readFileSync(`${directory.path}/${file}`));
    const drawn = read();
    for (const file of made) Deno.removeSync(`${directory.path}/${file}`);
    assert.deepEqual((await runHere(script, args)).err, []);
    assert.deepEqual(read(), drawn);
  });

  Deno.test(`scripts/${script}.ts names the command that makes a missing matrix`, async () => {
    using directory = await analysed();
    const matrix = script === "consistency" ? "consistency" : "activation_matrix";
    await Deno.remove(`${directory.path}/layer06_${matrix}.npy`);
    const { code, err } = await runHere(script, ["--output_dir", directory.path]);
    assert.equal(code, 1);
    assert.equal(err.length, 1);
    assert.match(
      err[0]!,
      new RegExp(`^error: .*layer06_${matrix}.npy is missing; make it with: deno task analyze `),
    );
    assert(!files(directory).some((file) => file.startsWith(name)));
  });
}

for (const script of ["slots", "consistency"] as const) {
  Deno.test(`scripts/${script}.ts says that a traditional SAE has no such picture`, async () => {
    using directory = new TemporaryDirectory();
    await writeLayerResult(directory.path, traditionalResult());
    const { code, out } = await runHere(script, ["--output_dir", directory.path]);
    assert.equal(code, 0);
    assert.deepEqual(out, ["nothing of layer 6: its SAE is traditional and has no slots"]);
  });
}

Deno.test("scripts/top.ts shows as many features as asked for, and says so in the name", async () => {
  using directory = await analysed();
  const { code, err } = await runHere("top", [
    ...["--output_dir", directory.path, "--top_k_features", "2", "--format", "svg"],
  ]);
  assert.deepEqual([code, err], [0, []]);
  const svg = await Deno.readTextFile(`${directory.path}/layer06_top2_free_features.svg`);
  assert.deepEqual([...svg.matchAll(/>(F\d)</g)].map(([, name]) => name), ["F1", "F2"]);
});

for (
  const [args, message] of [
    [["--format", "gif"], "--format gif: gif is no known format; there are png, svg, pdf"],
    [["--colormap", "jet"], /^--colormap jet: there is no such colour map; there are hot, hot_r, /],
    [["--dpi", "5000"], "--dpi 5000: expected a whole number from 20 to 600"],
    [["--signed", "--colormap", "hot"], /^--signed needs a colour map with a neutral middle/],
  ] as const
) {
  Deno.test(`scripts/dense.ts ${args.join(" ")} is a mistake, said in one line`, async () => {
    const { code, err } = await runHere("dense", args);
    assert.equal(code, 2);
    const [line, ...rest] = err;
    assert.deepEqual(rest, []);
    if (typeof message === "string") assert.equal(line, `error: ${message}`);
    else assert.match(line!.replace(/^error: /, ""), message);
  });
}
