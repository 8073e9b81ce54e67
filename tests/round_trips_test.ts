/**
 * Properties of the readers, tried on values that fast-check makes up, the same ones every time:
 * what was written comes back, and bytes that nobody wrote are refused.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../lib/base/errors.ts";
import { parseBounded } from "../lib/files/json.ts";
import { tokenizerOf } from "./support/tokenizer_of.ts";
import { parseQuestions } from "../lib/questions/question_file.ts";
import { npyBytes, parseNpy, readNpy } from "../lib/results/npy_file.ts";
import { parsePickle } from "../lib/tensors/pickle.ts";
import { PickleDict, type PickleValue } from "../lib/tensors/pickle_values.ts";
import { readSafetensors } from "../lib/tensors/safetensors.ts";
import { readFloat32 } from "./support/read_float32.ts";
import { openTorchCheckpoint } from "../lib/tensors/torch_checkpoint.ts";
import { readTorchTensor } from "./support/torch_tensor.ts";
import { PickledTensor } from "../lib/tensors/pickled_tensor.ts";
import { readZipDirectory } from "../lib/tensors/zip_directory.ts";
import { readZipEntry } from "../lib/tensors/zip_entry.ts";
import { REFERENCE } from "./support/fixtures.ts";
import { type Picklable, writePickle } from "./support/pickle_writer.ts";
import { TemporaryDirectory } from "./support/temporary.ts";
import { safetensors } from "./support/tiny_model.ts";
import { torchFile, torchTensor } from "./support/torch_file.ts";
import { zipFile } from "./tensors/zip_writer.ts";
import { bytesSource } from "./support/bytes_source.ts";

const RUNS = { seed: 1, numRuns: 200 } as const;

async function holds<T>(values: fc.Arbitrary<T>, property: (value: T) => unknown): Promise<void> {
  await fc.assert(fc.asyncProperty(values, async (value) => void await property(value)), RUNS);
}

const text = fc.string({ unit: "grapheme" });
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

const picklable = fc.letrec<{ value: Picklable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    // Python knows one kind of integers: those that float64 holds come back as numbers.
    fc.bigInt(-(2n ** 200n), 2n ** 200n).filter((value) => !Number.isSafeInteger(Number(value))),
    text,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 5 }).map((items) => new Map(items)),
  ),
})).value;

/** The same with each dict as a Map. */
function plain(value: PickleValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof PickleDict)) return value;
  return new Map([...value].map(([key, item]) => [key, plain(item)]));
}

Deno.test("parsePickle() gives back what was pickled", async () => {
  const meanings = { names: new Set<string>(), reduce: () => null, persistent: () => null };
  await holds(picklable, (value) => {
    assert.deepEqual(plain(parsePickle(writePickle(value), meanings)), value);
  });
});

const zips = fc.record({
  entries: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z./]{1,20}$/), fc.uint8Array()), {
    // Names that a reader of paths takes for one are refused; tests of their own say so.
    selector: ([name]) => name.split("/").filter((part) => part !== "" && part !== ".").join("/"),
  }).map((entries) =>
    entries.filter(([name]) => !name.endsWith("/") && !name.split("/").includes(".."))
  ),
  zip64: fc.boolean(),
  comment: fc.uint8Array(),
});

Deno.test("readZipEntry() gives back what was put into a zip file", async () => {
  await holds(zips, async (contents) => {
    const source = bytesSource("w.zip", zipFile(contents));
    const found: [string, Uint8Array][] = [];
    for (const [name, entry] of await readZipDirectory(source)) {
      found.push([name, await readZipEntry(source, entry)]);
    }
    assert.deepEqual(found, contents.entries.map(([name, data]) => [name, new Uint8Array(data)]));
  });
});

Deno.test("readZipEntry() gives any part of an entry", async () => {
  const parts = fc.tuple(fc.uint8Array(), fc.nat(), fc.nat());
  await holds(parts, async ([data, a, b]) => {
    const [start, end] = [a % (data.length + 1), b % (data.length + 1)].sort((x, y) => x - y);
    const source = bytesSource("w.zip", zipFile({ entries: [["one", data]] }));
    const entry = (await readZipDirectory(source)).get("one")!;
    const part = await readZipEntry(source, entry, { start: start!, end: end! });
    assert.deepEqual(part, new Uint8Array(data.slice(start, end)));
  });
});

const matrices = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(
  ([rows, columns]) =>
    fc.array(float32, { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => ({ shape: [rows, columns], values: Float32Array.from(values) })),
);

Deno.test("readTorchTensor() gives back a saved matrix, and its transpose", async () => {
  await holds(matrices, async ({ shape: [rows, columns], values }) => {
    const bytes = new Uint8Array(
      torchFile({ w: torchTensor("0", [rows!, columns!]) }, { 0: values }),
    );
    const checkpoint = await openTorchCheckpoint(bytesSource("w.pt", bytes));
    const tensor = (checkpoint.content as Map<string, PickledTensor>).get("w")!;
    assert.deepEqual(await readTorchTensor(checkpoint, "w", tensor), values);
    const { storage } = tensor;
    const turned = new PickledTensor(storage, 0, [columns!, rows!], [1, columns!]);
    assert.deepEqual(
      await readTorchTensor(checkpoint, "w", turned),
      values.map((_, i) => values[i % rows! * columns! + Math.floor(i / rows!)]!),
    );
  });
});

Deno.test("readSafetensors() finds the tensors that were written", async () => {
  const name = text.filter((name) => name !== "__metadata__" && name !== "__proto__");
  const tensors = fc.uniqueArray(fc.tuple(name, matrices), { selector: ([name]) => name });
  await holds(tensors, async (written) => {
    const source = bytesSource("w.safetensors", new Uint8Array(safetensors(new Map(written))));
    const found = await readSafetensors(source);
    assert.deepEqual(new Set(found.keys()), new Set(written.map(([name]) => name)));
    for (const [name, { shape, values }] of written) {
      assert.deepEqual(found.get(name)!.shape, shape);
      assert.deepEqual(await readFloat32(source, found.get(name)!), values);
    }
  });
});

Deno.test("readNpy() gives back what npyBytes() makes", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/array.npy`;
  await holds(matrices, async ({ shape, values }) => {
    for (
      const [type, data] of [
        ["f4", values],
        ["f8", Float64Array.from(values)],
        ["i4", Int32Array.from(values)],
      ] as const
    ) {
      await Deno.writeFile(path, npyBytes(data, shape));
      assert.deepEqual(await readNpy(path, type, shape), data);
    }
  });
});

Deno.test("parseQuestions() gives back the questions of a file, however its lines end", async () => {
  const question = fc.record({
    rule_idx: fc.integer({ min: 0, max: 999 }),
    question: text.filter((question) => question.trim() !== ""),
    other: fc.jsonValue(),
  });
  const lines = fc.array(fc.tuple(question, fc.constantFrom("\n", "\r\n", "\n\n", "\r\n \t\n")), {
    minLength: 1,
  });
  await holds(lines, async (written) => {
    const file = written.map(([line, end]) => JSON.stringify(line) + end).join("");
    const bytes = new TextEncoder().encode(file);
    const { questions } = await parseQuestions(bytesSource("qa.jsonl", bytes));
    assert.deepEqual(
      questions.map(({ relation, text }) => [relation, text]),
      written.map(([{ rule_idx, question }]) => [rule_idx, question]),
    );
    const texts = file.split("\n");
    for (const { line, text } of questions) {
      assert.equal(JSON.parse(texts[line - 1]!).question, text);
    }
  });
});

Deno.test("parseBounded() gives back any value, and refuses a field that is there twice", async () => {
  await holds(fc.tuple(fc.jsonValue(), fc.string()), ([value, name]) => {
    const field = `${JSON.stringify(name)} :${JSON.stringify(value)}`;
    assert.deepEqual(
      parseBounded(`[{${field}},{${field}}]`, "a.json"),
      JSON.parse(`[{${field}},{${field}}]`),
    );
    assert.throws(() => parseBounded(`{${field},${field}}`, "a.json"), /has two fields/);
    // The same name in other characters: each as its escape.
    const escaped = name.replaceAll(
      /[^]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    assert.throws(() => parseBounded(`{${field},"${escaped}":0}`, "a.json"), /has two fields/);
  });
});

Deno.test("parseTokenizer() splits the same whether a file spells GPT-2's pattern out or not", async () => {
  const definition = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
  const Regex = String
    .raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
  const pretokenizers = [
    { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ];
  const spelled = { ...definition, pre_tokenizer: { type: "Sequence", pretokenizers } };
  const implied = tokenizerOf(JSON.stringify(definition), "tokenizer.json");
  const tokenizer = tokenizerOf(JSON.stringify(spelled), "tokenizer.json");
  await holds(text, (text) => assert.deepEqual(tokenizer.encode(text), implied.encode(text)));
});

const READERS: Record<string, (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>> = {
  zip: (bytes) => readZipDirectory(bytesSource("w", bytes)),
  torch: (bytes) => openTorchCheckpoint(bytesSource("w", bytes)),
  safetensors: (bytes) => readSafetensors(bytesSource("w", bytes)),
  npy: (bytes) => parseNpy(bytesSource("w", bytes), "f4", [1]),
  questions: (bytes) => parseQuestions(bytesSource("w", bytes)),
  pickle: (bytes) =>
    openTorchCheckpoint(bytesSource("w", zipFile({ entries: [["w/data.pkl", bytes]] }))),
};

for (const [name, read] of Object.entries(READERS)) {
  Deno.test(`the reader of ${name} refuses bytes that nobody wrote as an input`, async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await holds(bytes, async (bytes) => {
      await read(new Uint8Array(bytes)).catch((error) =>
        assert(error instanceof InputError, error)
      );
    });
  });
}
