/** What `analyze` refuses: one line for the user, and nothing left behind. */
import assert from "node:assert/strict";
import { findAdapter } from "../../lib/compute/find_adapter.ts";
import { analyze } from "../../scripts/analyze.ts";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  questionLine,
  questionLines,
  supervisedSae,
  type TinyInputs,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

/** Bad input: how the inputs or arguments differ, and the line that the user gets. */
const REFUSED: {
  what: string;
  inputs?: TinyInputs;
  args?: string[];
  edit?: (directory: TemporaryDirectory) => void;
  code?: number;
  line: string;
}[] = [
  {
    what: "no SAE for any layer",
    inputs: { layers: [] },
    args: ["--layers", "1"],
    edit: ({ path }) => Deno.mkdirSync(`${path}/sae`),
    line: "No SAE checkpoint found for layer 1; tried DIR/sae/layer1/sae_best.pt, " +
      "DIR/sae/layer1/sae_final.pt, DIR/sae/layer1/traditional_sae_final.pt; name their directory " +
      "with --sae_dir",
  },
  {
    what: "too few questions",
    inputs: { lines: [...questionLines(2), questionLine(3, "One more?")] },
    args: ["--samples_per_relation", "3"],
    line: "Not enough QA samples in DIR/questions.jsonl: 3 a relation are asked for, there are " +
      "birth_date 2, birth_city 2, university 2, major 3, employer 2, work_city 2; use " +
      "--samples_per_relation 2",
  },
  {
    what: "a relation without questions",
    inputs: { lines: questionLines(2).filter((line) => !line.includes("major")) },
    line: "DIR/questions.jsonl has no questions about major; leave it out by naming the " +
      "others in --relations",
  },
  {
    what: "a relation that there is not",
    args: ["--relations", "birth_date,spouse"],
    code: 2,
    line: "--relations: there is no relation spouse; there are 0 birth_date, 1 birth_city, " +
      "2 university, 3 major, 4 employer, 5 work_city",
  },
  {
    what: "no language model",
    args: ["--lm_model", "/nowhere/lm"],
    line: "/nowhere/lm does not exist; name the language model with --lm_model",
  },
  {
    what: "a language model without weights",
    edit: ({ path }) => Deno.removeSync(`${path}/lm/model.safetensors`),
    line:
      "DIR/lm holds no weights: expected model.safetensors or pytorch_model.bin, or shards of one " +
      "of them with their index",
  },
  {
    what: "a language model without a tokenizer",
    edit: ({ path }) => Deno.removeSync(`${path}/lm/tokenizer.json`),
    line: "DIR/lm/tokenizer.json does not exist",
  },
  {
    what: "no question file",
    args: ["--qa_file", "/nowhere/questions.jsonl"],
    line: "/nowhere/questions.jsonl does not exist; name the question file with --qa_file",
  },
  {
    what: "no directory of SAEs",
    args: ["--sae_dir", "/nowhere/sae"],
    line: "/nowhere/sae does not exist; name the directory of the SAEs with --sae_dir",
  },
  {
    what: "a question without words",
    inputs: { lines: ['{"rule_idx": 1}'] },
    line: "DIR/questions.jsonl:1: question is missing; name the field of the prompt with " +
      "--text_field, its label's with --label_field",
  },
  {
    what: "a model of an architecture that is not known",
    inputs: { model: { config: { model_type: "bloom" } } },
    line: "DIR/lm/config.json has model_type bloom, expected gpt2, gpt_neox, llama, " +
      "mistral, phi3, qwen2, qwen3, gemma2 or gemma3_text",
  },
  {
    what: "a tensor that is missing",
    inputs: { model: { edit: (tensors) => tensors.delete("h.1.ln_2.bias") } },
    line: "DIR/lm/model.safetensors: tensor h.1.ln_2.bias is missing",
  },
  {
    what: "a tensor of the wrong shape",
    inputs: {
      model: {
        edit: (tensors) =>
          tensors.set("wpe.weight", { shape: [4, 8], values: new Float32Array(32) }),
      },
    },
    line: "DIR/lm/model.safetensors: tensor wpe.weight has shape [4, 8], expected [48, 8]",
  },
  {
    what: "an SAE of another width",
    inputs: { sae: () => supervisedSae({ width: 6 }) },
    line: "DIR/sae/layer0/sae_best.pt takes hidden states of width 6, but the model DIR/lm has " +
      "n_embd 8: they do not belong together",
  },
  {
    what: "SAEs with different numbers of slots",
    inputs: { sae: (layer) => supervisedSae({ slots: layer === 1 ? 7 : 6 }) },
    line: "DIR/sae/layer1/sae_best.pt has 7 relation slots, but DIR/sae/layer0/sae_best.pt 6: " +
      "analyse them one after the other with --layers",
  },
  {
    what: "a truncated SAE",
    inputs: { sae: () => supervisedSae().slice(0, -50) },
    line: "DIR/sae/layer0/sae_best.pt is no usable zip file: it has no directory at its end; it " +
      "may be truncated",
  },
  {
    what: "a link that leads nowhere beside an SAE, whatever other layers have",
    edit: ({ path }) => {
      Deno.renameSync(`${path}/sae/layer1/sae_best.pt`, `${path}/sae/layer1/sae_final.pt`);
      Deno.symlinkSync("gone.pt", `${path}/sae/layer1/sae_best.pt`);
    },
    line: "DIR/sae/layer1/sae_best.pt is a link to gone.pt, which does not exist",
  },
  {
    what: "a directory of a layer that is a link to itself",
    edit: ({ path }) => {
      Deno.removeSync(`${path}/sae/layer1`, { recursive: true });
      Deno.symlinkSync("layer1", `${path}/sae/layer1`);
    },
    line: "DIR/sae/layer1/sae_best.pt cannot be read: its links lead in a circle",
  },
  {
    what: "a Git LFS pointer in an SAE's place",
    inputs: {
      sae: () =>
        new TextEncoder().encode(
          "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123\n",
        ),
    },
    line: "DIR/sae/layer0/sae_best.pt is a Git LFS pointer, a short text in place of the file: " +
      "fetch the file itself with `git lfs pull`, or download it",
  },
  {
    what: "an SAE that PyTorch did not write",
    inputs: { sae: () => new TextEncoder().encode("not a checkpoint") },
    line:
      'DIR/sae/layer0/sae_best.pt is a text that begins with "not a checkpoint", where a file ' +
      "of tensors was expected",
  },
  {
    what: "a line that is no JSON",
    inputs: { lines: [...questionLines(2), "{"] },
    line: "DIR/questions.jsonl:13 is no JSON object on a line of its own (column 2)",
  },
  {
    what: "a rule_idx outside of the relations",
    inputs: { lines: [...questionLines(2), questionLine(6, "And this?")] },
    line:
      "DIR/questions.jsonl:13: rule_idx 6 is outside of the 6 relations (0 to 5) that the SAEs " +
      "have slots for",
  },
  {
    what: "an empty question",
    inputs: { lines: [questionLine(0, " ")] },
    line: "DIR/questions.jsonl:1: question: the question is empty",
  },
  {
    what: "an empty question file",
    inputs: { lines: [] },
    line: "DIR/questions.jsonl holds no questions",
  },
  {
    what: "a prompt that is longer than the model's positions",
    inputs: { lines: [questionLine(0, "who ".repeat(60)), ...questionLines(2)] },
    line:
      "DIR/questions.jsonl:1: the question makes a prompt of 186 tokens; the model DIR/lm takes " +
      "at most 48",
  },
  {
    what: "a layer that the model does not have",
    args: ["--layers", "1,4"],
    code: 2,
    line:
      "--layers: there is no layer 4; DIR/lm has 3 blocks, thus layers 0 (the embeddings) to 3 " +
      "(after the final LayerNorm)",
  },
  {
    what: "layers that are no numbers",
    args: ["--layers", "first"],
    code: 2,
    line: "--layers first: expected all, or a list such as 0,3,6-8",
  },
  {
    what: "an output directory that cannot be made",
    args: ["--output_dir", "DIR/questions.jsonl/results"],
    line:
      "The output directory DIR/questions.jsonl/results cannot be written to: a part of the path is a " +
      "file; choose another with --output_dir",
  },
];

for (const { what, inputs, args = [], edit, code = 1, line } of REFUSED) {
  Deno.test(`analyze refuses ${what}, in one line, and leaves nothing behind`, async () => {
    using directory = new TemporaryDirectory();
    const plain = writeTinyInputs(directory, inputs);
    edit?.(directory);
    const changed = args.map((arg) => arg.replace("DIR", directory.path));
    const outcome = await run(analyze, [...plain, ...changed]);
    const errors = outcome.err.filter((text) => !text.startsWith("warning: "));
    assert.deepEqual(errors, [`error: ${line.replaceAll("DIR", directory.path)}`]);
    assert.equal(outcome.code, code);
    assert.deepEqual(filesIn(directory), []);
  });
}

Deno.test("analyze --device gpu says what to do where WebGPU finds no adapter", async () => {
  using directory = new TemporaryDirectory();
  const { requestAdapter } = GPU.prototype;
  GPU.prototype.requestAdapter = () => Promise.resolve(null);
  try {
    const { code, err } = await analyzeTiny(directory, {}, "--device", "gpu");
    assert.deepEqual(err, [
      "error: --device gpu: WebGPU finds no adapter; install the GPU's Vulkan driver, or use " +
      "--device cpu",
    ]);
    assert.equal(code, 1);
    assert.equal(await findAdapter(), null);
  } finally {
    GPU.prototype.requestAdapter = requestAdapter;
  }
});
