/**
 * Makes a model of random weights in the shape of one that people use, as a Hugging Face directory:
 *
 *     deno run --allow-read --allow-write bench/make_model.ts gemma2-2b /tmp/gemma2-2b
 *
 * Time and memory do not depend on what weights are. A block of random numbers is written again and
 * again, so that gigabytes take seconds.
 *
 * @module
 */
import { readDecoder } from "../lib/lm/architectures/mod.ts";
import { weightShapes } from "../lib/lm/decoder_depth.ts";
import { FINAL } from "../lib/lm/site.ts";
import { elementCount } from "../lib/tensors/stored_tensor.ts";

const llama = {
  model_type: "llama",
  rms_norm_eps: 1e-5,
  rope_theta: 500_000,
  max_position_embeddings: 8192,
};
const gemma = { rms_norm_eps: 1e-6, head_dim: 256, max_position_embeddings: 8192 };

/** The fields of `config.json` that matter for the shape, by the names of the models. */
const SHAPES: Readonly<Record<string, Record<string, unknown>>> = {
  "gpt2": { model_type: "gpt2", ...gpt2(768, 12, 12) },
  "gpt2-medium": { model_type: "gpt2", ...gpt2(1024, 24, 16) },
  "pythia-160m": neox(768, 12, 12),
  "pythia-410m": neox(1024, 24, 16),
  "smollm2-135m": { ...llama, rope_theta: 100_000, ...sizes(49_152, 576, 1536, 30, 9, 3) },
  "llama-1b": { ...llama, ...sizes(128_256, 2048, 8192, 16, 32, 8) },
  "qwen2-0.5b": {
    model_type: "qwen2",
    rope_theta: 1e6,
    max_position_embeddings: 32_768,
    ...sizes(151_936, 896, 4864, 24, 14, 2),
  },
  "qwen3-0.6b": {
    model_type: "qwen3",
    rope_theta: 1e6,
    head_dim: 128,
    max_position_embeddings: 32_768,
    ...sizes(151_936, 1024, 3072, 28, 16, 8),
  },
  "gemma3-1b": {
    model_type: "gemma3_text",
    ...gemma,
    query_pre_attn_scalar: 256,
    sliding_window: 512,
    ...sizes(262_144, 1152, 6912, 26, 4, 1),
  },
  "gemma2-2b": {
    model_type: "gemma2",
    ...gemma,
    query_pre_attn_scalar: 256,
    attn_logit_softcapping: 50,
    sliding_window: 4096,
    ...sizes(256_000, 2304, 9216, 26, 8, 4),
  },
};

function gpt2(n_embd: number, n_layer: number, n_head: number) {
  return { vocab_size: 50_257, n_positions: 1024, n_embd, n_layer, n_head };
}

function neox(hidden_size: number, layers: number, heads: number) {
  return {
    model_type: "gpt_neox",
    rotary_pct: 0.25,
    max_position_embeddings: 2048,
    ...sizes(50_304, hidden_size, 4 * hidden_size, layers, heads, heads),
  };
}

function sizes(
  vocab_size: number,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  num_key_value_heads: number,
) {
  return {
    vocab_size,
    hidden_size,
    intermediate_size,
    num_hidden_layers,
    num_attention_heads,
    num_key_value_heads,
  };
}

/** The names of the models whose shapes are known. */
export const MODEL_NAMES: readonly string[] = Object.keys(SHAPES);

/** How many random numbers there are before they come again. */
const RANDOM = 2 ** 23;
/** How they are spread: as the weights of models are when training begins. */
const DEVIATION = 0.02;

/**
 * Writes config.json and model.safetensors in bfloat16, without a tokenizer.
 *
 * @param name One of {@linkcode MODEL_NAMES}.
 * @returns How many parameters the file has.
 */
export async function makeModel(name: string, directory: string): Promise<number> {
  const config = SHAPES[name];
  if (config === undefined) throw new Error(`no shape ${name}; there are ${MODEL_NAMES.join(" ")}`);
  await Deno.mkdir(directory, { recursive: true });
  const path = `${directory}/config.json`;
  await Deno.writeTextFile(path, JSON.stringify(config, null, 2));
  const decoder = await readDecoder(path);
  const shapes = [...weightShapes(decoder, [FINAL])];
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let offset = 0;
  for (const [weight, shape] of shapes) {
    const end = offset + 2 * elementCount(shape);
    header[decoder.prefix + weight] = { dtype: "BF16", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  using file = await Deno.open(`${directory}/model.safetensors`, {
    write: true,
    create: true,
    truncate: true,
  });
  const write = (bytes: Uint8Array<ArrayBuffer>) => {
    for (let start = 0; start < bytes.length;) start += file.writeSync(bytes.subarray(start));
  };
  write(new Uint8Array(BigUint64Array.of(BigInt(padded.length)).buffer));
  write(padded);
  const random = randomNumbers();
  const ones = new Uint8Array(Uint16Array.from({ length: 2 ** 16 }, () => 0x3f80).buffer);
  for (const [weight, shape] of shapes) {
    const isGain = /(norm|ln_\w+)\.weight$/.test(weight) && !/gemma/.test(name);
    let left = 2 * elementCount(shape);
    for (const block = isGain ? ones : random; left > 0; left -= Math.min(left, block.length)) {
      write(block.subarray(0, left));
    }
  }
  return offset / 2;
}

/** bfloat16 numbers, normally distributed; the same each time. */
function randomNumbers(): Uint8Array<ArrayBuffer> {
  let state = 1;
  const uniform = () => (state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0) / 2 ** 32;
  const values = new Uint16Array(RANDOM);
  const one = new Float32Array(1);
  const bits = new Uint32Array(one.buffer);
  for (let i = 0; i < RANDOM; i++) {
    const angle = 2 * Math.PI * uniform();
    one[0] = DEVIATION * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(angle);
    values[i] = bits[0]! >>> 16;
  }
  return new Uint8Array(values.buffer);
}

if (import.meta.main) {
  const [name = "", directory = ""] = Deno.args;
  const start = performance.now();
  const parameters = await makeModel(name, directory);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `wrote ${directory}: ${(parameters / 1e6).toFixed(0)} million parameters, ${
      seconds.toFixed(1)
    } s`,
  );
}
