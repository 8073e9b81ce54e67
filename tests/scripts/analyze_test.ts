/** What a user of `analyze` gets; what it refuses is in analyze_refuses_test.ts. */
import assert from "node:assert/strict";
import { coact } from "../../coact.ts";
import type { Command } from "../../lib/cli/command.ts";
import type { ArtifactCommand } from "../../lib/cli/regenerate.ts";
import { readJson } from "../../lib/files/json.ts";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { activationSums } from "../../lib/results/artifacts/activation_sums.ts";
import { NUMBERS, RECORD } from "../../lib/results/artifacts/all.ts";
import { commonFeaturesFileSchema } from "../../lib/results/artifacts/common_features.ts";
import { statisticsFileSchema } from "../../lib/results/artifacts/statistics.ts";
import { layerRecordSchema } from "../../lib/results/layer_record.ts";
import { analyze } from "../../scripts/analyze.ts";
import { dense } from "../../scripts/dense.ts";
import { slots } from "../../scripts/slots.ts";
import { summary } from "../../scripts/summary.ts";
import { top } from "../../scripts/top.ts";
import { analyzeTiny, filesIn, summaryIn, timesIn } from "../support/analyze_tiny.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { questionLines, supervisedSae, traditionalSae } from "../support/tiny_analysis.ts";

Deno.test("analyze writes every file of every layer, whole, its schemas fit, and it says how long it took", async () => {
  using directory = new TemporaryDirectory();
  const { code, out, err } = await analyzeTiny(directory, {}, "--layers", "0,2");
  assert.deepEqual([code, err], [0, []]);
  const kinds = [
    ...[RECORD, ...NUMBERS, activationSums].map(({ file }) => file),
    ...LAYER_PICTURES.map(({ file }) => `${file.replace("#", "5")}.png`), // there are no more
  ];
  const expected = ["layer00", "layer02"].flatMap((layer) =>
    kinds.map((kind) => `${layer}_${kind}`)
  );
  const ofAllLayers = [
    "all_layers_relation_slots_summary.png",
    "analysis_summary.json",
    "analysis_times.json",
  ];
  assert.deepEqual(filesIn(directory), [...ofAllLayers, ...expected].sort());
  const results = `${directory.path}/results`;
  await readJson(layerRecordSchema, `${results}/layer02_analysis.json`);
  await readJson(statisticsFileSchema, `${results}/layer02_statistics.json`);
  await readJson(commonFeaturesFileSchema, `${results}/layer02_common_features.json`);
  assert.equal(out.at(-1), `wrote ${results}/ (2 layers)`);
  assert(
    out.some((line) => line.includes("hidden_states[L]")),
    "the layer convention is spelt out",
  );
  const { layers_analyzed, phase_seconds } = await timesIn(directory);
  assert.deepEqual(layers_analyzed, [0, 2]);
  const phases = ["reading inputs", "language model", "SAEs", "remaining pictures"];
  assert.deepEqual(Object.keys(phase_seconds), phases);
});

Deno.test("analyze summarises what it used, where it ran, and how well the slots work", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--activation-threshold=0.25");
  const summary = await summaryIn(directory);
  assert.deepEqual(summary.layers_analyzed, [0, 1, 2], "every layer that is a block's input");
  assert.equal(summary.samples_per_relation, 2);
  assert.equal(summary.total_questions, 12);
  assert.deepEqual([summary.freeCount, summary.slotCount], [5, 6]);
  const { options, backend, input_sha256, versions, layers } = summary.provenance[0]!;
  assert.deepEqual(layers, [0, 1, 2]);
  assert.equal(options.activation_threshold, 0.25);
  assert.deepEqual([backend.requested, backend.device, backend.encoder], [
    "cpu",
    "cpu",
    "onnxruntime cpu",
  ]);
  assert.deepEqual(
    Object.keys(input_sha256).map((path) => path.slice(directory.path.length + 1)).sort(),
    [
      "lm/config.json",
      "lm/model.safetensors",
      "lm/tokenizer.json",
      "lm/tokenizer_config.json",
      "questions.jsonl",
    ],
  );
  assert.equal(versions.deno, Deno.version.deno);
  for (const layer of summary.layers) {
    assert(layer.binding_accuracy! >= 0 && layer.binding_accuracy! <= 1);
    assert.equal(typeof layer.mean_diagonal, "number");
    assert.equal(typeof layer.mean_off_diagonal, "number");
  }
});

Deno.test("analyze takes the layer after the final LayerNorm, and says that it is that", async () => {
  using directory = new TemporaryDirectory();
  assert.equal((await analyzeTiny(directory, {}, "--layers", "3")).code, 0);
  const [layer] = (await summaryIn(directory)).layers;
  assert.equal(layer!.hidden_state, "hidden_states[3], the state after the final LayerNorm");
});

Deno.test("analyze handles traditional SAEs: all features are free, and there are no slots", async () => {
  using directory = new TemporaryDirectory();
  const { code } = await analyzeTiny(directory, { sae: () => traditionalSae(9) }, "--layers", "1");
  assert.equal(code, 0);
  const summary = await summaryIn(directory);
  assert.deepEqual([summary.freeCount, summary.slotCount], [9, 0]);
  assert.equal(summary.layers[0]!.binding_accuracy, null);
  const files = filesIn(directory).join();
  assert(!files.includes("common_features") && !files.includes("slot_activations"));
});

Deno.test("analyze tells supervised and traditional SAEs of one directory apart", async () => {
  using directory = new TemporaryDirectory();
  const sae = (layer: number) => layer === 1 ? traditionalSae() : supervisedSae();
  assert.equal((await analyzeTiny(directory, { sae })).code, 0);
  const summary = await summaryIn(directory);
  assert.deepEqual(summary.layers.map(({ sae }) => sae), [
    "supervised",
    "traditional",
    "supervised",
  ]);
  assert.deepEqual([summary.freeCount, summary.slotCount], [null, null]);
});

Deno.test("analyze handles a layer in which all slots are negative", async () => {
  using directory = new TemporaryDirectory();
  const sae = () => supervisedSae({ bias: -100 });
  assert.equal((await analyzeTiny(directory, { sae }, "--layers", "2")).code, 0);
  const [layer] = (await summaryIn(directory)).layers;
  assert(layer!.mean_diagonal! < -50);
});

Deno.test("analyze handles one free feature and as many relations as the SAE has slots", async () => {
  using directory = new TemporaryDirectory();
  const lines = Array.from(
    { length: 40 },
    (_, i) => JSON.stringify({ rule_idx: i % 20, question: `Question ${i}?` }),
  );
  const inputs = { lines, sae: () => supervisedSae({ free: 1, slots: 20 }) };
  assert.equal((await analyzeTiny(directory, inputs, "--layers", "1")).code, 0);
  const summary = await summaryIn(directory);
  assert.equal(summary.relations.length, 20);
  assert.equal(summary.relations[19]!.key, "relation_19");
});

Deno.test("analyze leaves relations out that --relations does not name", async () => {
  using directory = new TemporaryDirectory();
  const lines = questionLines(2).filter((line) => !line.includes("major"));
  const args = ["--layers", "1", "--relations", "0-2,employer,work_city"];
  assert.equal((await analyzeTiny(directory, { lines }, ...args)).code, 0);
  const { relations, slotCount } = await summaryIn(directory);
  assert.deepEqual(relations.map(({ index }) => index), [0, 1, 2, 4, 5]);
  assert.equal(slotCount, 6);
  const results = `${directory.path}/results`;
  const record = await readJson(layerRecordSchema, `${results}/layer01_analysis.json`);
  assert.deepEqual(record.relations_left_out, [{ index: 3, key: "major", label: "Major" }]);
  const options = ["--output_dir", results, "--format", "svg"];
  assert.equal((await run(slots, options)).code, 0);
  const svg = await Deno.readTextFile(`${results}/layer01_relation_slots_only.svg`);
  for (const name of ["Birth Date", "Work City"]) {
    assert.equal(svg.split(`>${name}<`).length, 3, `${name} is a row and a column`);
  }
  assert.equal(svg.split(">Major<").length, 2, "a column only");
});

Deno.test("analyze warns once, whatever its layers and pictures, of letters that no font has", async () => {
  using directory = new TemporaryDirectory();
  const names = ["出生日期", "नियोक्ता", "work 🏢 city", "work 🎓 city", "대학교", "d"];
  const lines = Array.from(
    { length: 12 },
    (_, i) => JSON.stringify({ rule_idx: i % 6, rule_name: names[i % 6], question: "Who?" }),
  );
  const { code, err } = await analyzeTiny(directory, { lines }, "--layers", "0,2");
  assert.equal(code, 0);
  assert.equal(err.length, 1, err.join("\n"));
  assert.match(
    err[0]!,
    /^warning: the fonts of the pictures have no 🏢 \(U\+1F3E2\), 🎓 \(U\+1F393\):/,
  );
  const options = ["--output_dir", `${directory.path}/results`, "--format", "svg", "--dpi", "20"];
  for (const command of [dense, summary]) {
    const again = await run(command, options);
    assert.deepEqual([again.code, again.err.length], [0, 1]);
  }
  const svg = await Deno.readTextFile(
    `${directory.path}/results/layer02_dense_activation_heatmap.svg`,
  );
  for (const name of ["2 Work 🏢 City", "3 Work 🎓 City", "出生日期"]) {
    assert(svg.includes(`>${name}<`), name);
  }
});

Deno.test("analyze accepts CRLF, a byte-order mark and blank lines, and counts the same", async () => {
  using plain = new TemporaryDirectory();
  using dressed = new TemporaryDirectory();
  await analyzeTiny(plain, {}, "--layers", "1");
  const lines = questionLines(2).flatMap((
    line,
    i,
  ) => [(i === 0 ? "\ufeff" : "") + line + "\r", "\r"]);
  assert.equal((await analyzeTiny(dressed, { lines }, "--layers", "1")).code, 0);
  const matrix = (directory: TemporaryDirectory) =>
    Deno.readFileSync(`${directory.path}/results/layer01_activation_matrix.npy`);
  assert.deepEqual(matrix(dressed), matrix(plain));
});

/** The commands that draw a picture of a layer again. */
async function pictureCommands(): Promise<Command[]> {
  const commands = coact.commands.filter((each): each is ArtifactCommand => "artifact" in each);
  const artifacts = await Promise.all(commands.map(({ artifact }) => artifact()));
  return commands.filter((_, i) => "figure" in artifacts[i]!);
}

Deno.test("analyze draws the pictures that the other scripts draw again, byte for byte, and --summary_only compares what is on disk", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--layers", "0,2", "--top_k_features", "3");
  const results = `${directory.path}/results`;
  const pictures = () =>
    Object.fromEntries(
      filesIn(directory).filter((name) => name.endsWith(".png"))
        .map((name) => [name, Deno.readFileSync(`${results}/${name}`)]),
    );
  const drawn = pictures();
  assert.equal(Object.keys(drawn).length, 2 * LAYER_PICTURES.length + 1);
  for (const name of Object.keys(drawn)) Deno.removeSync(`${results}/${name}`);
  const options = ["--output_dir", results, "--dpi", "20"];
  for (const command of [...await pictureCommands(), summary]) {
    const number = command === top ? ["--top_k_features", "3"] : [];
    assert.equal((await run(command, [...options, ...number])).code, 0);
  }
  assert.deepEqual(pictures(), drawn);

  // --summary_only compares the layers on disk and computes nothing.
  for (const name of ["all_layers_relation_slots_summary.png", "analysis_summary.json"]) {
    Deno.removeSync(`${results}/${name}`);
  }
  Deno.removeSync(`${directory.path}/lm`, { recursive: true });
  const before = filesIn(directory);
  const { code, out, err } = await run(analyze, [
    ...["--summary_only", "--output_dir", results, "--dpi", "20"],
  ]);
  assert.deepEqual([code, err], [0, []]);
  assert.deepEqual(filesIn(directory).filter((name) => !before.includes(name)), [
    "all_layers_relation_slots_summary.png",
    "analysis_summary.json",
  ]);
  assert.deepEqual((await summaryIn(directory)).layers_analyzed, [0, 2]);
  assert(
    out.some((line) => line.startsWith("time of the analysis: reading inputs ")),
    "the run's times are there",
  );
  assert.equal(out.at(-1), `wrote ${results}/analysis_summary.json (2 layers)`);
});
