/**
 * The files that are damaged, and what must be true of whatever their readers make of them. Files
 * with checksums must give what the sound file gives. Of files without, a second reader, as simple
 * as can be and strict where the first one is, says what the damaged bytes say.
 */
import assert from "node:assert/strict";
import { decodeText } from "../../lib/files/byte_source.ts";
import { parseDecoder } from "../../lib/lm/architectures/mod.ts";
import { tokenizerOf } from "../support/tokenizer_of.ts";
import { parseQuestions } from "../../lib/questions/question_file.ts";
import { parseNpy } from "../../lib/results/npy_file.ts";
import { readSae } from "../../lib/sae/formats/load_checkpoint.ts";
import { readSafetensors } from "../../lib/tensors/safetensors.ts";
import { BYTES_PER_ELEMENT } from "../../lib/tensors/stored_tensor.ts";
import { openTorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { readTorchTensor } from "../support/torch_tensor.ts";
import { PickleDict, PickleSet } from "../../lib/tensors/pickle_values.ts";
import { PickledTensor } from "../../lib/tensors/pickled_tensor.ts";
import { readZipEntry } from "../../lib/tensors/zip_entry.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { supervisedSae } from "../support/tiny_analysis.ts";
import { concatenate, latin1, u16, u64 } from "../tensors/bytes.ts";
import { zipFile } from "../tensors/zip_writer.ts";
import { bytesSource } from "../support/bytes_source.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A sound file and its reader. */
export interface Subject {
  /** What it is. */
  readonly name: string;
  /** The bytes of the sound file. */
  readonly sound: Bytes;
  /** Makes a file of bytes that were damaged. Default: they are one. */
  readonly complete?: (bytes: Bytes) => Bytes;
  /** Reads bytes; a refusal is an `InputError`. */
  readonly read: (bytes: Bytes) => Promise<unknown>;
  /** Throws unless a result is what the bytes say. */
  readonly judge: (result: unknown, bytes: Bytes, sound: unknown) => void;
}

/** The file that bytes belong to: themselves, or with what follows them. */
export function fileOf({ complete }: Subject, bytes: Bytes): Bytes {
  return complete?.(bytes) ?? bytes;
}

const TORCH = new URL("../fixtures/torch", import.meta.url).pathname;

/** The name under which readers see what they read. */
export const NAME = "damaged.file";

/** Everything in a checkpoint, with the numbers of each tensor in its place. */
async function readTorch(bytes: Bytes): Promise<unknown> {
  const checkpoint = await openTorchCheckpoint(bytesSource(NAME, bytes));
  const seen = new Set<unknown>();
  const expand = async (value: unknown): Promise<unknown> => {
    if (value instanceof PickledTensor) {
      if (value.storage.dataType.match(/int|bool/)) return value;
      return [...await readTorchTensor(checkpoint, "w", value)];
    }
    if (typeof value !== "object" || value === null || seen.has(value)) return value;
    seen.add(value);
    if (value instanceof PickleSet) return value.members;
    if (value instanceof PickleDict) {
      const entries = [];
      for (const [key, item] of value) {
        // Two tensors of a fixture are there to be refused.
        if (key === "not_a_number" || key === "infinite") continue;
        entries.push([key, await expand(item)]);
      }
      return entries;
    }
    return value;
  };
  return await expand(checkpoint.content);
}

function isTheSame(result: unknown, _: Bytes, sound: unknown): void {
  assert.deepEqual(result, sound);
}

function torchSubject(name: string): Subject {
  const sound = Deno.readFileSync(`${TORCH}/${name}`);
  return { name, sound, read: readTorch, judge: isTheSame };
}

/** A pickle whose checksum fits, whatever was done to it: there is no telling what it should be. */
function pickleSubject(name: string): Subject {
  return {
    name,
    sound: Deno.readFileSync(`${TORCH}/${name}`),
    read: (bytes) => readTorch(zipFile({ entries: [["w/data.pkl", bytes]] })),
    judge: (result) => assert.notEqual(result, undefined),
  };
}

/** An SAE beside objects of Python's: whatever becomes of these, its numbers stay what they are. */
function metadataSubject(protocol: number): Subject {
  return {
    name: `metadata in protocol ${protocol}`,
    sound: Deno.readFileSync(`${TORCH}/metadata_protocol${protocol}.pt`),
    read: async (bytes) => {
      const { sae: { rows: _, ...numbers }, weight } = await readWholeSae(bytes);
      return { ...numbers, weight };
    },
    judge: isTheSame,
  };
}

/** An SAE with all of its weights. */
async function readWholeSae(bytes: Bytes) {
  const { sae, shape } = await readSae(bytesSource(NAME, bytes));
  return { sae, shape, weight: await sae.rows.read(0, sae.featureCount) };
}

/** An SAE whose pickle is damaged and has a checksum that fits. */
const SAE = await openTorchCheckpoint(bytesSource(NAME, new Uint8Array(supervisedSae())));

function judgeSae(result: unknown): void {
  const { sae: { bias }, weight, shape } = result as Awaited<ReturnType<typeof readWholeSae>>;
  const { kind, width, featureCount, freeCount, slotCount } = shape;
  assert.equal(weight.length, featureCount * width);
  assert.equal(bias.length, featureCount);
  assert.equal(freeCount + slotCount, featureCount);
  assert(freeCount > 0 && (kind === "supervised" ? slotCount > 0 : slotCount === 0));
}

function judgeSafetensors(result: unknown, bytes: Bytes): void {
  const tensors = result as Awaited<ReturnType<typeof readSafetensors>>;
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const taken: [number, number][] = [];
  for (const { name, dataType, shape, offset, byteLength } of tensors.values()) {
    const said = header[name];
    assert.deepEqual(shape, said.shape);
    assert.deepEqual([offset, offset + byteLength], [
      8 + length + said.data_offsets[0],
      8 + length + said.data_offsets[1],
    ]);
    const count = shape.reduce((product, size) => product * size, 1);
    assert.equal(byteLength, count * BYTES_PER_ELEMENT[dataType]);
    assert(offset + byteLength <= bytes.length);
    taken.push([offset, offset + byteLength]);
  }
  taken.sort(([a, b], [c, d]) => a - c || b - d);
  taken.forEach(([start], i) => assert(i === 0 || taken[i - 1]![1] <= start, "tensors overlap"));
  const known = /^(F64|F32|F16|BF16|I64|I32|I16|I8|U8|BOOL)$/;
  const expected = Object.keys(header).filter((name) => known.test(header[name].dtype));
  assert.deepEqual([...tensors.keys()], expected.filter((name) => name !== "__metadata__"));
}

/** A small file of two tensors, so that damages meet its header. */
function smallSafetensors(): Bytes {
  const header = JSON.stringify({
    __metadata__: { format: "pt" },
    "h.0.ln_1.weight": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
    "h.0.ln_1.bias": { dtype: "BF16", shape: [2], data_offsets: [16, 20] },
  });
  return concatenate(u64(header.length), latin1(header), new Uint8Array(20));
}

function judgeConfig(result: unknown, bytes: Bytes): void {
  const said = JSON.parse(new TextDecoder().decode(bytes));
  const classes: unknown[] = said.architectures ?? [];
  const isGpt2 = classes.length > 0 && classes.every((name) => String(name).startsWith("GPT2"));
  const defaults: Record<string, unknown> = {
    model_type: isGpt2 ? "gpt2" : undefined, // in files of early 2020
    // sizes of the class; where they are not the model's, its tensors contradict them
    vocab_size: 50_257,
    n_positions: 1024,
    n_embd: 768,
    n_head: 12,
    n_inner: null,
    activation_function: "gelu_new",
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
  };
  for (const [name, value] of Object.entries(result as object)) {
    assert.deepEqual(value, said[name] ?? defaults[name], name);
  }
}

const PROMPTS = ["Q: In which city is Adele Dunn?\nA:", "Q: Zoë's  1234 \0 日本\nA:"];

function judgeTokenizer(result: unknown, bytes: Bytes): void {
  const { model, added_tokens } = JSON.parse(new TextDecoder().decode(bytes));
  const known = new Set<unknown>(Object.values(model.vocab));
  for (const { id } of added_tokens ?? []) known.add(id);
  if (model.unk_token) known.add(undefined); // an unknown token that is itself unknown
  for (const id of (result as number[][]).flat()) assert(known.has(id), `${id} is no token`);
}

/** What names a person or a wording: a text that is not blank, or a number; all else says nothing. */
function named(key: string, said: unknown): Record<string, string> {
  const isName = typeof said === "string" ? said.trim() !== "" : typeof said === "number";
  return isName ? { [key]: String(said) } : {};
}

function judgeQuestions(result: unknown, bytes: Bytes): void {
  const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
  const expected = lines.map((text, i) => ({ line: i + 1, text: text.replace(/^\ufeff/, "") }))
    .filter(({ text }) => text.trim() !== "")
    .map(({ line, text }) => {
      const { rule_idx, question, person_id, template_idx } = JSON.parse(text);
      return {
        line,
        relation: rule_idx,
        text: question,
        ...named("person", person_id),
        ...named("template", template_idx),
      };
    });
  assert.deepEqual((result as { questions: unknown }).questions, expected);
}

const NPY_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

function smallNpy(): Bytes {
  const text = NPY_HEADER.padEnd(117) + "\n";
  const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  return concatenate(latin1("\x93NUMPY\x01\x00"), u16(text.length), latin1(text), numbers);
}

function judgeNpy(result: unknown, bytes: Bytes): void {
  const said = new TextDecoder("latin1").decode(bytes.subarray(10, -24)).replaceAll(" ", "");
  const plain = said.replace(",}", "}").replace(",)", ")").replace(/^\0\0/, "");
  assert.equal(plain, "{'descr':'<f4','fortran_order':False,'shape':(2,3)}\n");
  const numbers = result as Float32Array;
  assert.deepEqual(new Uint8Array(numbers.buffer), bytes.slice(-24));
}

const questions = latin1(
  Deno.readTextFileSync(`${REFERENCE}/qa/qa_test_id.jsonl`).split("\n").slice(0, 3).join("\n") +
    "\r\n\r\n",
);

const MODEL = Deno.readFileSync(`${REFERENCE}/lm/model.safetensors`);
const MODEL_DATA_START = 8 + Number(new DataView(MODEL.buffer).getBigUint64(0, true));

/** All of them. */
export const SUBJECTS: readonly Subject[] = [
  ...["state_dict.pt", "state_dict_protocol4.pt", "layout_of_2.pt", "tensors.pt"]
    .map(torchSubject),
  ...["objects_protocol2.pt", "sets_protocol4.pt", "parameters.pt"].map(torchSubject),
  ...[2, 4].map(metadataSubject),
  ...["plain_protocol0.pkl", "plain_protocol2.pkl", "plain_protocol4.pkl"].map(pickleSubject),
  {
    name: "pickle of an SAE",
    sound: SAE.pickle,
    read: async (bytes) => {
      const entries: [string, Bytes][] = [["w/data.pkl", bytes]];
      for (const [key, entry] of SAE.storages) {
        entries.push([`w/data/${key}`, await readZipEntry(SAE.source, entry)]);
      }
      return await readWholeSae(zipFile({ entries }));
    },
    judge: judgeSae,
  },
  {
    name: "safetensors",
    sound: smallSafetensors(),
    read: (bytes) => readSafetensors(bytesSource(NAME, bytes)),
    judge: judgeSafetensors,
  },
  {
    name: "header of model.safetensors",
    sound: MODEL.subarray(0, MODEL_DATA_START).slice(),
    complete: (bytes) => concatenate(bytes, new Uint8Array(MODEL.length - MODEL_DATA_START)),
    read: (bytes) => readSafetensors(bytesSource(NAME, bytes)),
    judge: judgeSafetensors,
  },
  {
    name: "config.json",
    sound: Deno.readFileSync(`${REFERENCE}/lm/config.json`),
    // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
    read: async (bytes) => parseDecoder(decodeText(bytes, NAME), NAME).config,
    judge: judgeConfig,
  },
  {
    name: "tokenizer.json",
    sound: Deno.readFileSync(`${REFERENCE}/lm/tokenizer.json`),
    // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
    read: async (bytes) => {
      const tokenizer = tokenizerOf(decodeText(bytes, NAME), NAME);
      return PROMPTS.map((prompt) => tokenizer.encode(prompt));
    },
    judge: judgeTokenizer,
  },
  {
    name: "questions",
    sound: questions,
    read: (bytes) => parseQuestions(bytesSource(NAME, bytes)),
    judge: judgeQuestions,
  },
  {
    name: ".npy",
    sound: smallNpy(),
    read: (bytes) => parseNpy(bytesSource(NAME, bytes), "f4", [2, 3]),
    judge: judgeNpy,
  },
];
