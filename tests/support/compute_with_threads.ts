/**
 * Computes hidden states and encodes some, with so many threads, and prints the hashes of all
 * numbers: WebAssembly takes its threads once a process.
 *
 *     deno run --allow-read --allow-ffi --allow-env compute_with_threads.ts BACKEND THREADS MODEL
 */
import type { OrtBackend } from "../../lib/compute/ort_backend.ts";
import { hashBytes } from "../../lib/files/hash_file.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { LINEAR } from "../../lib/sae/activation.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { OrtEncoder } from "../../lib/sae/encode/ort_encoder.ts";
import { randomNumbers } from "./tiny_model.ts";

/**
 * Features and groups: fewer features than questions, and more; groups of a tile, and of one
 * question. The width is more than a kernel adds up in a step.
 */
const WIDTH = 600;

function hash({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return hashBytes(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
}

/** The hashes of what is computed with so many threads, of a model and of SAEs of several sizes. */
export async function hashesWith(
  backend: OrtBackend,
  threads: number,
  directory: string,
): Promise<string[]> {
  const runtime = { backend, threads };
  const model = await openLanguageModel(directory);
  const prompts = Array.from({ length: 40 }, (_, i) => Array.from({ length: 2 + i % 3 }, () => i));
  const layers = [0, 1, 2];
  using states = await collectHiddenStates(model, prompts, { layers, runtime });
  const hashes = layers.map((layer) => hash(states.layer(layer).read(0, prompts.length)));

  await using encoder = new OrtEncoder(runtime);
  for (const [freeCount, ...groupSizes] of [[5, 300], [131, 128, 256, 1], [2100, 3, 40]] as const) {
    const featureCount = freeCount + 7;
    const questions = groupSizes.reduce((a, b) => a + b, 0);
    const { reductions, keptActivations } = await encoder.encode({
      hidden: rowsInMemory(randomNumbers(questions * WIDTH, 1), WIDTH),
      groupSizes,
      sae: {
        width: WIDTH,
        featureCount,
        rows: wholeRows(randomNumbers(featureCount * WIDTH, 2), WIDTH),
        bias: randomNumbers(featureCount, 3),
        activation: LINEAR,
        input: [],
        targets: Array.from({ length: 7 }, (_, group) => ({ feature: freeCount + group, group })),
      },
      threshold: 0.1,
    });
    const { sums, maxima, counts } = reductions;
    hashes.push([sums, maxima, counts, keptActivations].map(hash).join(" "));
  }
  return hashes;
}

if (import.meta.main) {
  const [backend, threads, directory] = Deno.args as [OrtBackend, string, string];
  console.log((await hashesWith(backend, Number(threads), directory)).join("\n"));
}
