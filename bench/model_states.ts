/**
 * Computes all hidden states of prompts, and says how long it took:
 *
 *     deno run … bench/model_states.ts MODEL IDS.json DEVICE MIB [OUT.f32]
 *
 * MIB is what the model may take of memory; 0 sets no bound. With OUT.f32 the states are written, for
 * a comparison: layer after layer, each [prompts, d_model].
 *
 * @module
 */
import process from "node:process";
import { type DeviceRequest, openDevice, prepareDevice } from "../lib/compute/device.ts";
import { readDecoder } from "../lib/lm/architectures/mod.ts";
import { collectHiddenStates } from "../lib/lm/hidden_states.ts";
import type { LanguageModel } from "../lib/lm/language_model.ts";
import { findWeights, nameWeights } from "../lib/lm/weights.ts";

/** A model without a tokenizer: there is nothing to tokenise. */
export async function openWithoutTokenizer(directory: string): Promise<LanguageModel> {
  const decoder = await readDecoder(`${directory}/config.json`);
  const file = await findWeights(directory);
  const weights = nameWeights(file, decoder.prefix);
  const tokenizer = undefined as unknown as LanguageModel["tokenizer"];
  return { directory, config: decoder.config, decoder, tokenizer, weights, files: file.files };
}

if (import.meta.main) {
  const [directory = "", ids = "", device = "cpu", mebibytes = "0", out] = Deno.args;
  prepareDevice(device as DeviceRequest);
  const prompts: number[][] = JSON.parse(await Deno.readTextFile(ids));
  const model = await openWithoutTokenizer(directory);
  using opened = await openDevice(device as DeviceRequest);
  const scratchDirectory = await Deno.makeTempDir({ prefix: "coact-states-" });
  const layers = Array.from({ length: model.config.n_layer + 1 }, (_, layer) => layer);
  const start = performance.now();
  const before = process.cpuUsage();
  let begun: number | undefined;
  using states = await collectHiddenStates(model, prompts, {
    layers,
    runtime: opened.runtime,
    scratchDirectory,
    maxMemory: Number(mebibytes) === 0 ? Infinity : Number(mebibytes) * 2 ** 20,
    onProgress: () => begun ??= performance.now(),
    onNote: (note) => console.error(note),
  });
  const end = performance.now();
  const { user, system } = process.cpuUsage(before);
  if (out !== undefined) {
    using file = await Deno.open(out, { write: true, create: true, truncate: true });
    for (const layer of layers) {
      const rows = states.layer(layer).read(0, prompts.length);
      file.writeSync(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    }
  }
  states[Symbol.dispose]();
  await Deno.remove(scratchDirectory, { recursive: true });
  const [seconds, first] = [end, begun!].map((time) => (time - start) / 1000);
  console.log(JSON.stringify({ seconds, first, processor: (user + system) / 1e6 }));
}
