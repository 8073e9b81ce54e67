/** Runs tiny models of all architectures in stages, and keeps their states. */
import assert from "node:assert/strict";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { checkSite, weightShapes } from "../../lib/lm/decoder_depth.ts";
import type { StagesRun } from "../../lib/lm/run_stages.ts";
import { BLOCK_POINTS, FINAL, type Site, siteText } from "../../lib/lm/site.ts";
import type { StagesInput } from "../../lib/lm/stage_parts.ts";
import { findWeights, nameWeights, weightsOf } from "../../lib/lm/weights.ts";

/** The folder with a model of each architecture. */
export const ARCHITECTURES: string = new URL("../fixtures/architectures", import.meta.url).pathname;
/** Of three lengths, some with a beginning in common, and in more than one batch. */
export const STAGED_PROMPTS: number[][] = [[5, 17, 20], [9], [1, 2, 3, 4, 5, 6], [21, 3, 18], [
  1,
  2,
  3,
  9,
  5,
  6,
], [
  5,
  17,
  20,
]];
const MAX_NODES = 6;

/** Opens a model. @param wanted Chooses among all of its sites. */
export async function openStaged(
  directory: string,
  wanted: (sites: Site[]) => Site[],
): Promise<StagesInput> {
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
  return { decoder, sites, weights, prompts: STAGED_PROMPTS };
}

/** Runs stages in some way, and gives the states of each prompt at each site: `block 1, mid, prompt 3`. */
export async function statesOf(
  input: StagesInput,
  run: Pick<StagesRun, "stages" | "runtime"> & Partial<StagesRun>,
  runner: (input: StagesInput, run: StagesRun) => Promise<void>,
): Promise<Map<string, Float32Array>> {
  const width = input.decoder.config.n_embd;
  const states = new Map<string, Float32Array>();
  const done: number[] = [];
  await runner(input, {
    maxBatchNodes: MAX_NODES,
    maxBytes: 0,
    ...run,
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
  assert.equal(done.at(-1), input.prompts.length);
  assert.deepEqual(done, done.toSorted((a, b) => a - b));
  return new Map([...states].sort());
}
