import assert from "node:assert/strict";
import { analyzeToFiles } from "../../lib/analysis/run.ts";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisOptions, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { readLayerResult } from "../../lib/results/layer_result.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, traditionalSae } from "../support/tiny_analysis.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const LABELS = ["10", "9", "__proto__", "10", "9", "__proto__", "10"];
const lines = LABELS.map((label, i) => JSON.stringify({ text: `prompt ${i} of all`, label }));

function write(directory: TemporaryDirectory, sae = traditionalSae()): AnalysisOptions {
  writeTinyModel(directory);
  directory.write("sae/layer1/traditional_sae_final.pt", sae);
  return {
    lmModel: `${directory.path}/lm`,
    saeDirectory: `${directory.path}/sae`,
    questionFile: directory.write("a.jsonl", lines.join("\n")),
    layers: [1],
    threshold: 0.1,
    prompts: { textField: "text", labelFields: ["label"] },
  };
}

Deno.test("an analysis by labels takes all there are, in their order, __proto__ among them", async () => {
  using directory = new TemporaryDirectory();
  const options = write(directory);
  const outputDirectory = `${directory.path}/out`;
  await analyzeToFiles({ ...options, device: "cpu", outputDirectory, pictures: { dpi: 20 } });
  const { record } = await readLayerResult(outputDirectory, 1);
  assert.deepEqual(record.relations.map(({ key, questions }) => [key, questions]), [
    ["10", 3],
    ["9", 2],
    ["__proto__", 2],
  ]);
  assert.equal(record.provenance.options.label_field, "label");
});

Deno.test("a CSV file of AlignSAE's fields is the same as its JSON lines", async () => {
  using directory = new TemporaryDirectory();
  const { prompts: _, ...options } = write(directory);
  const questions = [0, 1, 0, 1].map((rule_idx, i) => ({ rule_idx, question: `Who is ${i}?` }));
  const json = directory.write("q.jsonl", questions.map((each) => JSON.stringify(each)).join("\n"));
  const csv = directory.write(
    "q.csv",
    `rule_idx,question\n${questions.map((each) => Object.values(each).join()).join("\n")}\n`,
  );
  const plans = await Promise.all(
    [json, csv].map((questionFile) =>
      planAnalysis({ ...options, questionFile, samplesPerRelation: 2 })
    ),
  );
  assert.deepEqual(plans[0]!.prompts, plans[1]!.prompts);
  assert.deepEqual(plans[0]!.sample.groupSizes, plans[1]!.sample.groupSizes);
});

Deno.test("an analysis pools features over tokens: the greatest is that of the single tokens", async () => {
  using directory = new TemporaryDirectory();
  const options = { ...write(directory), questionFile: directory.write("one.jsonl", lines[0]!) };
  using device = await openDevice("cpu");
  const means = async (position: string) => {
    const prompts = { ...options.prompts!, position: parsePosition(position) };
    const plan = await planAnalysis({ ...options, prompts });
    const results = await Array.fromAsync(analyzeLayers(plan, device));
    assert.equal(results.length, 1);
    return results[0]!.means;
  };
  const max = await means("max");
  const { prompts } = await planAnalysis(options);
  const single: Float32Array[] = [];
  for (const i of prompts[0]!.keys()) single.push(await means(String(i)));
  max.forEach((value, feature) => {
    const greatest = Math.max(...single.map((row) => row[feature]!));
    assert(Math.abs(value - greatest) < 1e-5, `feature ${feature}: ${value}, ${greatest}`);
  });
});

Deno.test("SAEs with slots need the labels in the order of the slots", async () => {
  using directory = new TemporaryDirectory();
  const options = write(directory);
  Deno.removeSync(`${directory.path}/sae/layer1/traditional_sae_final.pt`);
  directory.write("sae/layer1/sae_best.pt", supervisedSae({ slots: 3 }));
  await assert.rejects(planAnalysis(options), inputError(/^--label_order: .*in which order/));
  directory.write("sae/layer1/sae_best.pt", supervisedSae({ slots: 4 }));
  await assert.rejects(
    planAnalysis(options),
    inputError(
      /^--label_field: .* slot for each of 4 .* has 3 labels in .*: take a field with as many, or SAEs without/,
    ),
  );
  directory.write("sae/layer1/sae_best.pt", supervisedSae({ slots: 3 }));
  const prompts = { ...options.prompts!, labelOrders: [["9", "10", "__proto__"]] };
  const { sample } = await planAnalysis({ ...options, prompts });
  assert.deepEqual(sample.groupSizes, [2, 3, 2]);
});

Deno.test("fewer prompts of a label than were asked for are a note", async () => {
  using directory = new TemporaryDirectory();
  const notes: string[] = [];
  const note = (message: string) => notes.push(message);
  const observer = { phase() {}, progress() {}, done() {}, warn() {}, note };
  const { sample } = await planAnalysis({ ...write(directory), samplesPerRelation: 3 }, observer);
  assert.deepEqual(sample.groupSizes, [3, 2, 2]);
  assert.match(notes.join("\n"), /3 of each group were asked for, and some have fewer: 9 2/);
});

Deno.test("as many of a label as its groups have, and more, are one analysis: the same is recorded", async () => {
  using directory = new TemporaryDirectory();
  const options = write(directory);
  const asked = async (samplesPerRelation?: number) =>
    (await planAnalysis({ ...options, samplesPerRelation })).options.samplesPerRelation;
  assert.deepEqual([await asked(), await asked(3), await asked(600)], [3, 3, 3]);
  assert.equal(await asked(2), 2);
});
