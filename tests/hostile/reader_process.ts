/**
 * A program of its own: reads files with coact's readers, one after the other, and prints of each what
 * came of it, how long that took and how much memory. It runs with the permission to read and no other.
 *
 *     echo '["npy", "a.npy"]' | deno run --allow-read --v8-flags=--expose-gc tests/hostile/reader_process.ts
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { InputError } from "../../lib/base/errors.ts";
import { FileSource } from "../../lib/files/byte_source.ts";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { loadTokenizer } from "../../lib/lm/tokenizer.ts";
import { findWeights, nameWeights } from "../../lib/lm/weights.ts";
import { readQuestions } from "../../lib/questions/question_file.ts";
import { readLayerRecord } from "../../lib/results/layer_result.ts";
import { readNpy } from "../../lib/results/npy_file.ts";
import { loadSae } from "../../lib/sae/formats/load_checkpoint.ts";
import { readSafetensors } from "../../lib/tensors/safetensors.ts";
import { openTorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";

/** The readers by name; what they return is not looked at. */
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  questions: readQuestions,
  config: readDecoder,
  tokenizer: async (path) => (await loadTokenizer(parent(path))).encode("Q: Why?\nA:"),
  weights: async (path) => nameWeights(await findWeights(parent(path)), "transformer."),
  sae: loadSae,
  npy: (path) => readNpy(path, "f4", [2, 3]),
  record: (path) => readLayerRecord(parent(path), 6),
  async safetensors(path) {
    using source = await FileSource.open(path);
    await readSafetensors(source);
  },
  async torch(path) {
    using source = await FileSource.open(path);
    await openTorchCheckpoint(source);
  },
};

/** What a reader did with a file. */
export interface Reading {
  /** `read`, `refused` by an `InputError`, or `failed` in any other way. */
  outcome: "read" | "refused" | "failed";
  /** The message, empty if it was read. */
  message: string;
  /** How long the process was at work with it, in seconds of processor time of all its threads. */
  seconds: number;
  /** How much more memory was in use at the worst moment so far than at the start, in MiB. */
  mebibytes: number;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** The most memory that the process has had in use so far, in MiB. */
function peakMebibytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

async function attempt(
  read: () => Promise<unknown>,
): Promise<Pick<Reading, "outcome" | "message">> {
  try {
    await read();
    return { outcome: "read", message: "" };
  } catch (error) {
    if (error instanceof InputError) return { outcome: "refused", message: error.message };
    return { outcome: "failed", message: String(error instanceof Error ? error.stack : error) };
  }
}

if (import.meta.main) {
  const before = peakMebibytes();
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, path] = JSON.parse(line) as [string, string];
    (globalThis as unknown as { gc(): void }).gc(); // what the last file left is not this one's
    const start = cpuMilliseconds();
    const result = await attempt(() => READERS[name]!(path));
    const seconds = (cpuMilliseconds() - start) / 1000;
    console.log(JSON.stringify({ ...result, seconds, mebibytes: peakMebibytes() - before }));
  }
}
