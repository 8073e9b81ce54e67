import assert from "node:assert/strict";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { weightShapes } from "../../lib/lm/decoder_depth.ts";
import { FINAL, type Site } from "../../lib/lm/site.ts";
import { blockByBlock, planStages } from "../../lib/lm/stages.ts";
import { findWeights, nameWeights, weightsOf } from "../../lib/lm/weights.ts";
import { inputError } from "../support/input_errors.ts";

const LLAMA = new URL("../fixtures/architectures/llama", import.meta.url).pathname;
const decoder = await readDecoder(`${LLAMA}/config.json`);
const named = nameWeights(await findWeights(LLAMA), decoder.prefix);

function plan(sites: Site[], maxBytes?: number) {
  const weights = weightsOf(named, weightShapes(decoder, sites));
  return planStages({ decoder, sites, weights, maxBytes });
}

Deno.test("planStages() takes the whole model at once where its weights fit", () => {
  const { n_layer } = decoder.config;
  assert.deepEqual(plan([FINAL]), [{ first: 0, end: n_layer }]);
  assert.deepEqual(plan([{ block: 1, point: "pre" }]), [{ first: 0, end: 1 }]);
});

Deno.test("planStages() takes one block after the other where they do not", () => {
  let maxBytes = 1;
  while (!isPossible([FINAL], maxBytes)) maxBytes *= 1.1;
  const stages = plan([FINAL], maxBytes);
  assert.deepEqual(stages, blockByBlock(decoder, [FINAL]));
  assert.equal(stages.length, decoder.config.n_layer);
});

Deno.test("planStages() counts nothing of the table of tokens", () => {
  assert.deepEqual(plan([{ block: 0, point: "pre" }], 0), [{ first: 0, end: 0 }]);
});

Deno.test("planStages() says how much a block needs", () => {
  assert.throws(
    () => plan([FINAL], 100),
    inputError(
      /safetensors: block \d of the model takes about 1 MiB while it computes, more than the 0 MiB that weights may take; allow --max_memory 1MiB or more$/,
    ),
  );
});

function isPossible(sites: Site[], maxBytes: number): boolean {
  try {
    plan(sites, maxBytes);
    return true;
  } catch {
    return false;
  }
}
