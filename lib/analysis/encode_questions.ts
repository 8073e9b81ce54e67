/**
 * The activations of single questions, for whoever wants to look at them one by one.
 *
 * @module
 */
import { checkWidth } from "../doctor/check_width.ts";
import { type ComputeDevice, openDevice } from "../compute/device.ts";
import { InputError } from "../base/errors.ts";
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { collectHiddenStates } from "../lm/hidden_states.ts";
import { checkLayers, type LanguageModel } from "../lm/language_model.ts";
import { tokenizeQuestions } from "../prompts/tokenize_questions.ts";
import { createEncoder, encodeChecked } from "../sae/encode/create_encoder.ts";
import type { SaeShape } from "../sae/sae.ts";
import { loadSae } from "../sae/formats/load_checkpoint.ts";
import type { SaeCheckpoint } from "../sae/formats/sae_checkpoint.ts";

/** How many questions are encoded at a time: it bounds the memory and changes no number. */
const QUESTIONS_AT_ONCE = 256;

/** What each feature of an SAE makes of each question. */
export interface QuestionActivations {
  /** The questions, in the order in which they were given. */
  readonly questions: readonly string[];
  /** What the SAE is: how many features it has, and which of them are slots. */
  readonly shape: SaeShape;
  /** The activations, `[questions, features]`, rows first: the free features, then the slots. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The activations of one question, by its place in `questions`. */
  of(question: number): Float32Array<ArrayBuffer>;
}

/**
 * Encodes questions one by one: each is made a prompt, the language model is run, and the SAE
 * encodes the hidden state at the prompt's last token, as in an analysis. Nothing is averaged.
 *
 * @param model The language model.
 * @param checkpoint The SAE; its `layer` says which hidden state it takes.
 * @param questions The questions, in words.
 * @param options Where to compute. Default: what `openDevice("auto")` finds.
 * @throws {InputError} If a question is empty or too long, the SAE does not belong to the model, or a
 * weight is damaged.
 *
 * @example
 * ```ts
 * import { encodeQuestions, openLanguageModel, openSaeCheckpoint } from "@coact/coact";
 *
 * const model = await openLanguageModel("demo/lm");
 * const sae = await openSaeCheckpoint("demo/sae/layer6/sae_best.pt", 6);
 * const found = await encodeQuestions(model, sae, [
 *   "When was Ada Lovelace born?",
 *   "Which university did Ada Lovelace attend?",
 * ]);
 * const slots = found.of(0).subarray(sae.shape.freeCount);
 * console.log(`the slots at the first question: ${slots}`);
 * ```
 */
export async function encodeQuestions(
  model: LanguageModel,
  checkpoint: SaeCheckpoint,
  questions: readonly string[],
  { device }: { device?: ComputeDevice | undefined } = {},
): Promise<QuestionActivations> {
  checkLayers(model, [checkpoint.layer]);
  checkWidth(checkpoint, model);
  const prompts = tokenizeQuestions(model, questions.map(numbered), "questions");
  const { featureCount } = checkpoint.shape;
  const values = new Float32Array(questions.length * featureCount);
  if (questions.length > 0) {
    using own = device === undefined ? await openDevice("auto") : undefined;
    await encodeInto(values, { model, checkpoint, prompts, device: device ?? own! });
  }
  return {
    questions: [...questions],
    shape: checkpoint.shape,
    values,
    of: (question) => values.subarray(question * featureCount, (question + 1) * featureCount),
  };
}

function numbered(text: string, i: number): { line: number; relation: number; text: string } {
  if (text.trim() === "") throw new InputError(`questions:${i + 1}: the question is empty`);
  return { line: i + 1, relation: 0, text };
}

async function encodeInto(
  values: Float32Array,
  { model, checkpoint, prompts, device }: {
    model: LanguageModel;
    checkpoint: SaeCheckpoint;
    prompts: readonly (readonly number[])[];
    device: ComputeDevice;
  },
): Promise<void> {
  const { layer, path } = checkpoint;
  const { sae } = await loadSae(path);
  await checkpoint.file.check(); // so that the shape is the one that was read before
  using states = await collectHiddenStates(model, prompts, {
    layers: [layer],
    runtime: device.runtime,
  });
  await using encoder = createEncoder(device);
  const hidden = states.layer(layer);
  const subject = { what: `layer ${layer} (${path})`, device: device.name };
  for (let first = 0; first < hidden.count; first += QUESTIONS_AT_ONCE) {
    const some = slice(hidden, first, Math.min(QUESTIONS_AT_ONCE, hidden.count - first));
    // Of a group of one question, the maximum is the activation itself.
    const groupSizes = Array<number>(some.count).fill(1);
    const input = { hidden: some, groupSizes, sae, threshold: 0 };
    const { reductions } = await encodeChecked(encoder, input, subject);
    values.set(reductions.maxima, first * reductions.featureCount);
  }
}

function slice(rows: Rows, first: number, count: number): Rows {
  return rowsInMemory(rows.read(first, count), rows.width);
}
