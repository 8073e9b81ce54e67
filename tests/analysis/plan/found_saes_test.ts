import assert from "node:assert/strict";
import { analyzeToFiles } from "../../../lib/analysis/run.ts";
import { SILENT } from "../../../lib/base/observer.ts";
import { openDevice } from "../../../lib/compute/device.ts";
import { collectHiddenStates } from "../../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../../lib/lm/language_model.ts";
import { tokenizeQuestions } from "../../../lib/prompts/tokenize_questions.ts";
import type { Site } from "../../../lib/lm/site.ts";
import type { PromptSettings } from "../../../lib/prompts/prompt_settings.ts";
import { readQuestions } from "../../../lib/questions/question_file.ts";
import { readLayerResult } from "../../../lib/results/layer_result.ts";
import { encodeRow } from "../../support/sae_rows.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { tinyRun, writeTinyInputs } from "../../support/tiny_analysis.ts";
import { writeSaelens } from "../../support/tiny_saes.ts";

/** Float32 against float64, as a fraction of the greatest mean. */
const TOLERANCE = 1e-5;

/** Analyses what is there; the SAEs are random, so that they explain nothing. */
async function analyze(directory: TemporaryDirectory, forceSae = true): Promise<string> {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  await analyzeToFiles(tinyRun(directory, { forceSae }), { ...SILENT, note, warn: note });
  return said.join("\n");
}

/** The right means of the first relation, in float64. */
async function rightMeans(
  directory: TemporaryDirectory,
  { folder, site, centred = false }: { folder: string; site: Site; centred?: boolean },
): Promise<Float64Array> {
  const model = await openLanguageModel(`${directory.path}/lm`);
  const { questions } = await readQuestions(`${directory.path}/questions.jsonl`);
  const own = questions.filter(({ relation }) => relation === 0).slice(0, 2);
  const prompts = tokenizeQuestions(model, own, "questions.jsonl");
  using device = await openDevice("cpu");
  const { runtime } = device;
  using states = await collectHiddenStates(model, prompts, { sites: [site], runtime });
  const sae = await (await openSae(`${directory.path}/sae/${folder}`)).read();
  const means = new Float64Array(sae.featureCount);
  for (let i = 0; i < own.length; i++) {
    const state = Float64Array.from(states.at(site).read(i, 1));
    const mean = centred ? state.reduce((sum, x) => sum + x, 0) / state.length : 0;
    const features = await encodeRow(sae, state.map((x) => x - mean));
    features.forEach((z, feature) => means[feature]! += z / own.length);
  }
  return means;
}

async function compare(directory: TemporaryDirectory, name: number | string, right: Float64Array) {
  const { means } = await readLayerResult(`${directory.path}/results`, name);
  const greatest = Math.max(...right.map(Math.abs));
  assert(greatest > 0);
  right.forEach((mean, feature) => {
    assert(Math.abs(means[feature]! - mean) <= TOLERANCE * greatest, `${name}: F${feature}`);
  });
}

Deno.test("an analysis centres states for an SAE that was trained on centred ones, and others not", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  const kwargs = { model_from_pretrained_kwargs: { center_writing_weights: true } };
  const metadata = { hook_name: "blocks.1.hook_resid_pre", ...kwargs };
  writeSaelens(directory, "sae/centred", { config: { metadata } });
  writeSaelens(directory, "sae/last", { hook: "blocks.2.hook_resid_post", seed: 9 });
  await analyze(directory);
  const pre = { block: 1, point: "pre" } as const;
  await compare(
    directory,
    1,
    await rightMeans(directory, { folder: "centred", site: pre, centred: true }),
  );
  // The output of the last block, and not what the final norm makes of it.
  const post = { block: 2, point: "post" } as const;
  await compare(directory, "post02", await rightMeans(directory, { folder: "last", site: post }));
  const { record } = await readLayerResult(`${directory.path}/results`, 1);
  assert.deepEqual(
    [record.sae, record.site, record.format, record.centred, record.signed],
    ["unsupervised", "pre 1", "SAELens", true, false],
  );
  assert.deepEqual(Object.keys(record.checkpoint.files_sha256!).sort(), [
    "cfg.json",
    "sae_weights.safetensors",
  ]);
});

Deno.test("an SAE that was trained with a beginning token, which the tokenizer does not add, is told of once", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  const config = (prepend_bos: boolean, hook: string) => ({
    config: { metadata: { hook_name: hook, prepend_bos } },
  });
  writeSaelens(directory, "sae/a", config(true, "blocks.0.hook_resid_post"));
  writeSaelens(directory, "sae/b", config(true, "blocks.1.hook_resid_post"));
  const said = await analyze(directory);
  assert.match(
    said,
    /sae\/a and 1 more: trained with the beginning token before each text \(prepend_bos\), and the tokenizer of .*\/lm adds none/,
  );
  assert.equal(said.split("prepend_bos").length, 2);
  writeSaelens(directory, "sae/a", config(false, "blocks.0.hook_resid_post"));
  writeSaelens(directory, "sae/b", config(false, "blocks.1.hook_resid_post"));
  assert(!(await analyze(directory)).includes("prepend_bos"));
});

Deno.test("layer 0 is called a measure of length only where all prompts end alike", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  writeSaelens(directory, "sae/a", { hook: "blocks.0.hook_resid_pre" });
  const stateWith = async (prompts?: PromptSettings) => {
    const said: string[] = [];
    const note = (message: string) => said.push(message);
    const run = tinyRun(directory, { forceSae: true, ...(prompts && { prompts }) });
    await analyzeToFiles(run, { ...SILENT, note, warn: note });
    assert.match(said.join("\n"), /is pre 0, hidden_states\[0\], the embedding of the token$/m);
    return (await readLayerResult(`${directory.path}/results`, 0)).record.hidden_state;
  };
  assert.match(await stateWith(), /it differs between questions only by the length of the prompt$/);
  const own = await stateWith({ textField: "question" });
  assert.equal(own, "hidden_states[0], the embedding of the token");
});

Deno.test("several SAEs at one site have results of their own, are compared, and are used again", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  const hook = "blocks.1.hook_resid_post";
  writeSaelens(directory, "sae/width_1k/l0_9", { hook, seed: 1 });
  writeSaelens(directory, "sae/width_1k/l0_82", { hook, seed: 5 });
  await analyze(directory);
  const results = `${directory.path}/results`;
  const summary = JSON.parse(await Deno.readTextFile(`${results}/analysis_summary.json`));
  assert.deepEqual(summary.layers_analyzed, ["post01_l0_9", "post01_l0_82"]);
  for (const layer of summary.layers) {
    assert.equal(Object.keys(layer.most_selective).length, 6);
    assert(layer.mean_selectivity >= 0 && layer.active_per_question > 0);
  }
  const names = [...Deno.readDirSync(results)].map(({ name }) => name);
  for (
    const picture of ["dense_activation_heatmap", "feature_consistency", "top12_free_features"]
  ) {
    assert(names.includes(`post01_l0_82_${picture}.png`), `${picture} in ${names}`);
  }
  assert.match(
    await analyze(directory),
    /post 1 \(l0_9\), post 1 \(l0_82\): the results are there already/,
  );
  writeSaelens(directory, "sae/width_1k/l0_82", { hook, seed: 6 });
  assert.match(
    await analyze(directory),
    /post 1 \(l0_82\) is computed again: another sae_weights.safetensors of the SAE/,
  );
});

Deno.test("an SAE that explains less than the mean does is refused before anything is written, unless it is forced", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  // The one before it fits: an autoencoder of all, that gives each state back.
  writeIdentity(directory, "sae/0", "blocks.0.hook_resid_post");
  writeSaelens(directory, "sae/a", { hook: "blocks.1.hook_resid_post" });
  await assert.rejects(
    analyze(directory, false),
    inputError(
      /^post 1: .*sae\/a: it leaves .* of the variance of \d+ states at post 1 unexplained/,
    ),
  );
  await assert.rejects(Deno.stat(`${directory.path}/results`), Deno.errors.NotFound);
  assert.match(await analyze(directory), /it leaves .* at post 1 unexplained/);
  const { record } = await readLayerResult(`${directory.path}/results`, "post01");
  assert.match(record.misfits![0]!, /^it leaves .* at post 1 unexplained/);
  assert(record.unexplained_variance! > 1);
  // What was forced once is not taken for granted.
  await assert.rejects(analyze(directory, false), inputError(/^post 1: .*it leaves/));
});

Deno.test("an SAE that is far from its declared number of active features is refused", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  writeIdentity(directory, "sae/0", "blocks.0.hook_resid_post", { l0: 8 });
  await analyze(directory, false);
  writeIdentity(directory, "sae/0", "blocks.0.hook_resid_post", { l0: 17 });
  await assert.rejects(analyze(directory, false), inputError(/are active .* declare 17/));
});

/** Writes an SAE whose features are the numbers of a state and their negatives: 8 of 16 are active. */
function writeIdentity(
  directory: TemporaryDirectory,
  folder: string,
  hook: string,
  said: Record<string, unknown> = {},
) {
  const signs = (i: number, feature: number) => feature % 8 === i ? feature < 8 ? 1 : -1 : 0;
  const width = 8;
  const encoder = Float32Array.from({ length: width * 16 }, (_, i) => signs(i >> 4, i % 16));
  const decoder = Float32Array.from({ length: width * 16 }, (_, i) => signs(i % 8, i >> 3));
  const metadata = { hook_name: hook, ...said };
  writeSaelens(directory, folder, { features: 16, encoder, decoder, config: { metadata } });
}
