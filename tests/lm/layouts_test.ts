/** The ways in which Hugging Face's libraries lay out weights, each against GPT-2 in float64. */
import assert from "node:assert/strict";
import { type DeviceRequest, openDevice } from "../../lib/compute/device.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { hiddenStates } from "../support/float64_gpt2.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  safetensors,
  type TinyModelOptions,
  type TinyTensor,
  writeTinyModel,
} from "../support/tiny_model.ts";
import { type RawPickle, torchFile, torchTensor, torchView } from "../support/torch_file.ts";

const PROMPTS = [[5, 17, 300], [9], [1, 2, 3, 4, 5, 6], [400, 3, 18]];
/** States are of the order of 1 here; float32 keeps seven digits, a few are lost in the blocks. */
const TOLERANCE = 2e-5;

type Tensors = ReadonlyMap<string, TinyTensor>;

/** Writes tensors in so many shards, one after the other, with an index. */
function writeShards(
  directory: TemporaryDirectory,
  tensors: Tensors,
  { stem, ending, count, content }: {
    stem: string;
    ending: string;
    count: number;
    content: (tensors: Tensors) => Uint8Array;
  },
): void {
  const weight_map: Record<string, string> = {};
  for (let shard = 0; shard < count; shard++) {
    const number = (i: number) => String(i).padStart(5, "0");
    const name = `${stem}-${number(shard + 1)}-of-${number(count)}.${ending}`;
    const part = [...tensors].filter((_, i) => i % count === shard);
    directory.write(`lm/${name}`, content(new Map(part)));
    for (const [tensor] of part) weight_map[tensor] = name;
  }
  const index = JSON.stringify({ metadata: { total_size: 1 }, weight_map });
  directory.write(`lm/${stem}.${ending}.index.json`, index);
}

/** The bytes of a `pytorch_model.bin`. */
function torchWeights(tensors: Tensors): Uint8Array {
  const names = [...tensors].map(([name, { shape }], i) => [name, torchTensor(String(i), shape)]);
  const storages = [...tensors].map(([, { values }], i) => [String(i), values]);
  return torchFile(Object.fromEntries(names), Object.fromEntries(storages));
}

/** The same with every matrix as a transposed view, and all in one storage. */
function transposedWeights(tensors: Tensors): Uint8Array {
  const all: number[] = [];
  const views: Record<string, RawPickle> = {};
  const elements = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  for (const [name, { shape, values }] of tensors) {
    const start = all.length;
    const [rows, columns] = shape;
    if (columns === undefined) {
      views[name] = torchView("0", { shape, strides: [1], start, elements });
      all.push(...values);
      continue;
    }
    views[name] = torchView("0", { shape, strides: [1, rows!], start, elements });
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows!; row++) all.push(values[row * columns + column]!);
    }
  }
  return torchFile(views, { 0: Float32Array.from(all) });
}

/** The buffers that older versions of transformers saved, of types and shapes of their own. */
function withBuffers(tensors: Tensors): Tensors {
  const buffers = [0, 1, 2].flatMap((block): [string, TinyTensor][] => [
    [`h.${block}.attn.bias`, { shape: [1, 1, 4, 4], values: new Float32Array(16).fill(NaN) }],
    [`h.${block}.attn.masked_bias`, { shape: [], values: Float32Array.of(-1e4) }],
  ]);
  return new Map([...tensors, ...buffers]);
}

/** A first tensor of nine bytes, so that nothing after it lies at a multiple of its size. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  for (const { data_offsets } of Object.values(header) as { data_offsets?: number[] }[]) {
    data_offsets?.forEach((offset, i) => data_offsets[i] = offset + 9);
  }
  header.mask = { dtype: "U8", shape: [9], data_offsets: [0, 9] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const size = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return Uint8Array.of(...size, ...json, ...new Uint8Array(9), ...bytes.subarray(8 + length));
}

const oneFile = (content: (tensors: Tensors) => Uint8Array, name = "model.safetensors") => ({
  write: (directory: TemporaryDirectory, tensors: Tensors) =>
    void directory.write(`lm/${name}`, content(tensors)),
});

const shards = (count: number, ending: "safetensors" | "bin") => ({
  write: (directory: TemporaryDirectory, tensors: Tensors) =>
    writeShards(directory, tensors, {
      stem: ending === "bin" ? "pytorch_model" : "model",
      ending,
      count,
      content: ending === "bin" ? torchWeights : (tensors) => safetensors(tensors),
    }),
});

const isNorm = (name: string) => name.includes("ln_");

const LAYOUTS: [string, TinyModelOptions][] = [
  ["float64 weights", { dtype: "F64" }],
  ["float16 weights with float32 norms", { dtype: (name) => isNorm(name) ? "F32" : "F16" }],
  ["bfloat16 weights with float64 norms", { dtype: (name) => isNorm(name) ? "F64" : "BF16" }],
  ["one safetensors shard", shards(1, "safetensors")],
  ["three safetensors shards", shards(3, "safetensors")],
  ["one PyTorch shard", shards(1, "bin")],
  ["three PyTorch shards", shards(3, "bin")],
  [
    "one shard without an index",
    oneFile((tensors) => safetensors(tensors), "model-00001-of-00001.safetensors"),
  ],
  ["buffers left over", oneFile((tensors) => safetensors(withBuffers(tensors)))],
  [
    "buffers left over in a PyTorch file",
    oneFile((tensors) => torchWeights(withBuffers(tensors)), "pytorch_model.bin"),
  ],
  ["transposed views of one storage", oneFile(transposedWeights, "pytorch_model.bin")],
  ["unaligned float32", oneFile((tensors) => unaligned(safetensors(tensors)))],
  [
    "unaligned float64",
    { dtype: "F64", ...oneFile((tensors) => unaligned(safetensors(tensors, "F64"))) },
  ],
  [
    "unaligned float16",
    { dtype: "F16", ...oneFile((tensors) => unaligned(safetensors(tensors, "F16"))) },
  ],
  [
    "a header that is not padded",
    oneFile((tensors) => safetensors(tensors, "F32", "", { isPadded: false })),
  ],
];

for (const device of ["cpu", "wasm"] as const) {
  for (const [what, options] of LAYOUTS) {
    Deno.test(`collectHiddenStates() agrees with float64 on ${device}, ${what}`, async () => {
      assert(await worstError(device, options) < TOLERANCE);
    });
  }
}

async function worstError(request: DeviceRequest, options: TinyModelOptions): Promise<number> {
  using directory = new TemporaryDirectory();
  const tiny = writeTinyModel(directory, options);
  using device = await openDevice(request);
  const layers = [0, 1, 3];
  using states = await collectHiddenStates(await openLanguageModel(tiny.directory), PROMPTS, {
    layers,
    runtime: device.runtime,
  });
  let worst = 0;
  PROMPTS.forEach((prompt, index) => {
    const exact = hiddenStates(tiny.config, tiny.weights, prompt);
    for (const layer of layers) {
      exact[layer]!.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(states.layer(layer).read(index, 1)[i]! - value));
      });
    }
  });
  return worst;
}

Deno.test("collectHiddenStates() runs shards that are links to blobs in several folders", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, shards(2, "safetensors"));
  const model = await openLanguageModel(path);
  const runtime = { backend: "cpu", threads: 1 } as const;
  using plain = await collectHiddenStates(model, PROMPTS, { layers: [3], runtime });
  for (const [i, name] of [...Deno.readDirSync(path)].map(({ name }) => name).entries()) {
    const folder = `${directory.path}/blobs/${i}`;
    Deno.mkdirSync(folder, { recursive: true });
    Deno.renameSync(`${path}/${name}`, `${folder}/blob`);
    Deno.symlinkSync(`../blobs/${i}/blob`, `${path}/${name}`);
  }
  const linked = await openLanguageModel(path);
  using states = await collectHiddenStates(linked, PROMPTS, { layers: [3], runtime });
  assert.deepEqual(states.layer(3).read(0, 4), plain.layer(3).read(0, 4));
});
