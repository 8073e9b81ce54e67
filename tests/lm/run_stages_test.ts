/** Models block by block against the same models at once: the same bytes. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { checkSite, type Stage, weightShapes } from "../../lib/lm/decoder_depth.ts";
import { runStages, type StagesInput, type StagesRun } from "../../lib/lm/run_stages.ts";
import { BLOCK_POINTS, FINAL, type Site, siteText } from "../../lib/lm/site.ts";
import { blockByBlock, wholeModel } from "../../lib/lm/stages.ts";
import { findWeights, nameWeights, weightsOf } from "../../lib/lm/weights.ts";
import type { OrtRuntime } from "../../lib/compute/ort_session.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const FIXTURES = new URL("../fixtures/architectures", import.meta.url).pathname;
const NAMES = [...Deno.readDirSync(FIXTURES)].filter(({ isDirectory }) => isDirectory)
  .map(({ name }) => name).sort();
/** Of three lengths, some with a beginning in common, and in more than one batch. */
const PROMPTS = [[5, 17, 20], [9], [1, 2, 3, 4, 5, 6], [21, 3, 18], [1, 2, 3, 9, 5, 6], [
  5,
  17,
  20,
]];
const MAX_NODES = 6;

async function open(directory: string, wanted: (sites: Site[]) => Site[]): Promise<StagesInput> {
  const decoder = await readDecoder(`${directory}/config.json`);
  const named = nameWeights(await findWeights(directory), decoder.prefix);
  const all: Site[] = [FINAL];
  for (let block = 0; block < decoder.config.n_layer; block++) {
    for (const point of BLOCK_POINTS) {
      const isThere = point !== "mid" || !decoder.block(block).isParallel;
      if (isThere) all.push({ block, point });
    }
  }
  const sites = wanted(all);
  for (const site of sites) checkSite(decoder, site);
  const weights = weightsOf(named, weightShapes(decoder, sites));
  return { decoder, sites, weights, prompts: PROMPTS };
}

/** The states of each prompt at each site: `block 1, mid, prompt 3`. */
async function run(
  input: StagesInput,
  stages: readonly Stage[],
  runtime: OrtRuntime,
  options: Partial<StagesRun> = {},
): Promise<Map<string, Float32Array>> {
  const width = input.decoder.config.n_embd;
  const states = new Map<string, Float32Array>();
  const done: number[] = [];
  await runStages(input, {
    stages,
    runtime,
    maxBatchNodes: MAX_NODES,
    maxBytes: 0,
    ...options,
    onReady: () => {},
    onProgress: (count) => done.push(count),
    onStates(sites, { prompts }, values) {
      prompts.forEach((prompt, row) =>
        sites.forEach((site, column) => {
          const start = (row * sites.length + column) * width;
          states.set(`${siteText(site)} ${prompt}`, values.slice(start, start + width));
        })
      );
    },
  });
  assert.equal(done.at(-1), PROMPTS.length);
  assert.deepEqual(done, done.toSorted((a, b) => a - b));
  return states;
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const name of NAMES) {
    // a program is slow on a GPU made of software; WebAssembly takes the same way
    if (device === "gpu" && name !== "gemma2") continue;
    if (device === "wasm" && !["gemma2", "gpt_neox"].includes(name)) continue;
    Deno.test({
      name: `runStages() gives ${name} block by block as at once, to the last bit, on ${device}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using directory = new TemporaryDirectory();
        using opened = await openDevice(device);
        const { runtime } = opened;
        const isSlow = device === "gpu";
        const input = await open(
          `${FIXTURES}/${name}`,
          (sites) => sites.filter((site) => !isSlow || siteText(site) === "post 1"),
        );
        const { decoder, sites } = input;
        const atOnce = await run(input, [wholeModel(decoder, sites)], runtime);
        const streamed = await run(
          input,
          blockByBlock(decoder, sites),
          runtime,
          device === "cpu" ? { scratchDirectory: directory.path } : {},
        );
        assert.equal(atOnce.size, sites.length * PROMPTS.length);
        assert.deepEqual(new Map([...streamed].sort()), new Map([...atOnce].sort()));
        assert.deepEqual([...Deno.readDirSync(directory.path)], []); // no file of the stream is left
      },
    });
  }
}

Deno.test("runStages() ends at any site", async () => {
  for (const name of ["gpt_neox", "qwen3"]) {
    const { sites } = await open(
      `${FIXTURES}/${name}`,
      // all of one model; of the other, whose blocks are parallel, those of the block in between
      (sites) => sites.filter((site) => name === "qwen3" || "block" in site && site.block === 1),
    );
    assert(sites.length >= 4);
    for (const site of sites) {
      const input = await open(`${FIXTURES}/${name}`, () => [site]);
      const runtime = { backend: "cpu", threads: 1 } as const;
      const atOnce = await run(input, [wholeModel(input.decoder, [site])], runtime);
      const streamed = await run(input, blockByBlock(input.decoder, [site]), runtime);
      assert.equal(atOnce.size, PROMPTS.length);
      assert.deepEqual(
        new Map([...streamed].sort()),
        new Map([...atOnce].sort()),
        siteText(site),
      );
    }
  }
});

Deno.test("runStages() lets a thread look at the weights while the session is made", async () => {
  const input = await open(`${FIXTURES}/llama`, (sites) => sites);
  const runtime = { backend: "cpu", threads: 1 } as const;
  const stages = [wholeModel(input.decoder, input.sites)];
  const apart = await run(input, stages, runtime, { lookApartBytes: 0 });
  assert.deepEqual(apart, await run(input, stages, runtime));
});

Deno.test("runStages() names a weight that is not finite, whichever thread looked at it", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values[2] = NaN,
  });
  const input = await open(path, (sites) => sites);
  const runtime = { backend: "cpu", threads: 1 } as const;
  for (
    const stages of [
      [wholeModel(input.decoder, input.sites)],
      blockByBlock(input.decoder, input.sites),
    ]
  ) {
    await assert.rejects(
      run(input, stages, runtime, { lookApartBytes: 0 }),
      inputError(/tensor transformer\.h\.1\.mlp\.c_fc\.weight holds NaN at position 2/),
    );
  }
});
