import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { encodeQuestions } from "../../lib/analysis/encode_questions.ts";
import { UsageError } from "../../lib/base/errors.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { openSaeCheckpoint } from "../../lib/sae/formats/sae_checkpoint.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  questionLines,
  supervisedSae,
  traditionalSae,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

const LAYER = 2;

/** A tiny model, an SAE and a directory of both; 300 questions are more than are encoded at once. */
async function tiny(sae: Uint8Array, lines = questionLines(50)) {
  const directory = new TemporaryDirectory();
  writeTinyInputs(directory, { sae: () => sae, lines });
  const model = await openLanguageModel(`${directory.path}/lm`);
  const checkpoint = await openSaeCheckpoint(
    `${directory.path}/sae/layer${LAYER}/sae_best.pt`,
    LAYER,
  );
  return { directory, model, checkpoint };
}

Deno.test("encodeQuestions() gives each question the activations that an analysis reduces", async () => {
  const { directory, model, checkpoint } = await tiny(supervisedSae());
  using _directory = directory;
  const plan = await planAnalysis({
    lmModel: `${directory.path}/lm`,
    saeDirectory: `${directory.path}/sae`,
    questionFile: `${directory.path}/questions.jsonl`,
    layers: [LAYER],
    samplesPerRelation: 50,
    threshold: 0.1,
  });
  using device = await openDevice("cpu");
  const [layer] = await Array.fromAsync(analyzeLayers(plan, device));
  const questions = plan.sample.questions.map(({ text }) => text);
  const found = await encodeQuestions(model, checkpoint, questions, { device });
  assert.deepEqual(found.shape, checkpoint.shape);
  assert.deepEqual(found.questions, questions);
  assert.equal(found.values.length, 300 * 11);
  const slots = questions.flatMap((_, i) => [...found.of(i).subarray(5)]);
  assert.deepEqual(slots, [...layer!.slotActivations]);
  const maxima = Array.from(
    { length: 11 },
    (_, feature) => Math.max(...questions.slice(0, 50).map((_, i) => found.of(i)[feature]!)),
  );
  assert.deepEqual(maxima, [...layer!.maxima.subarray(0, 11)]);
});

Deno.test("encodeQuestions() finds a device itself, and knows the ReLU of a traditional SAE", async () => {
  const { directory, model, checkpoint } = await tiny(traditionalSae());
  using _directory = directory;
  const found = await encodeQuestions(model, checkpoint, ["Who?", "Where?", "Who?"]);
  assert.deepEqual(found.of(0), found.of(2));
  assert.notDeepEqual(found.of(0), found.of(1));
  assert(found.values.every((value) => value >= 0) && found.values.some((value) => value > 0));
});

Deno.test("encodeQuestions() of no questions is empty, and nothing is computed", async () => {
  const { directory, model, checkpoint } = await tiny(supervisedSae());
  using _directory = directory;
  assert.deepEqual([...(await encodeQuestions(model, checkpoint, [])).values], []);
});

Deno.test("encodeQuestions() refuses what an analysis refuses, and says which question", async () => {
  const { directory, model, checkpoint } = await tiny(supervisedSae({ width: 16 }));
  using _directory = directory;
  await assert.rejects(
    encodeQuestions(model, checkpoint, ["Who?"]),
    inputError(/sae_best\.pt takes hidden states of width 16, but the model .* has n_embd 8/),
  );
  const { directory: other, model: sound, checkpoint: fitting } = await tiny(supervisedSae());
  using _other = other;
  await assert.rejects(
    encodeQuestions(sound, fitting, ["Who?", " "]),
    inputError("questions:2: the question is empty"),
  );
  await assert.rejects(
    encodeQuestions(sound, fitting, ["Who?", "Who? ".repeat(200)]),
    inputError(
      /^questions:2: the question makes a prompt of \d+ tokens; the model .* at most \d+$/,
    ),
  );
  await assert.rejects(encodeQuestions(sound, { ...fitting, layer: 4 }, ["Who?"]), UsageError);
});
