/** Decoders on ONNX Runtime against the states that transformers gives, site by site. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { parseSite, type Site } from "../../lib/lm/site.ts";
import { expectsGpu } from "../support/gpu.ts";
import { statesAt } from "../support/site_states.ts";

const FIXTURES = new URL("../fixtures/architectures", import.meta.url).pathname;
const NAMES = [...Deno.readDirSync(FIXTURES)].filter(({ isDirectory }) => isDirectory)
  .map(({ name }) => name).sort();

/** The library itself is off by 6e-6 of a site's largest in float32; a wrong reading by 5e-3. */
const TOLERANCE = 2e-5;

interface Case {
  directory: string;
  prompts: number[][];
  states: Record<string, number[]>[];
  sites: Site[];
}

/** A fixture, less its first prompts, which are its shortest. */
function readCase(name: string, first = 0): Case {
  const directory = `${FIXTURES}/${name}`;
  const all = JSON.parse(Deno.readTextFileSync(`${directory}/states.json`));
  const [prompts, states] = [all.prompts.slice(first), all.states.slice(first)];
  return { directory, prompts, states, sites: Object.keys(states[0]).map((x) => parseSite(x)!) };
}

/** The largest difference, over the largest number of the site. */
function errorAt(made: readonly number[][], right: readonly number[][]): number {
  const largest = Math.max(...right.flat().map(Math.abs));
  const differences = made.flatMap((row, i) => row.map((x, k) => Math.abs(x - right[i]![k]!)));
  return Math.max(...differences) / largest;
}

/**
 * The graph of a model is the same on each device. On WebAssembly it is tried for one with the most
 * parts, with norms of queries and keys, with parallel blocks, with fused weights, and with biases.
 */
const ON_WASM = ["gemma2", "gemma3_text", "gpt_neox", "phi3", "llama_biases"];
assert.deepEqual(ON_WASM.filter((name) => !NAMES.includes(name)), []);

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const name of NAMES) {
    if (device === "gpu" && name !== "gemma2") continue; // has the most parts; a program is slow
    if (device === "wasm" && !ON_WASM.includes(name)) continue;
    Deno.test({
      name: `buildDecoderGraph() gives transformers' states of ${name} at every site on ${device}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        // the longest alone on a GPU made of software, which prepares its programs for each length
        const first = device === "gpu" ? 2 : 0;
        const { directory, prompts, states, sites } = readCase(name, first);
        using opened = await openDevice(device);
        const made = await statesAt(directory, { sites, prompts, runtime: opened.runtime });
        Object.keys(states[0]!).forEach((site, column) => {
          const error = errorAt(
            made.map((state) => state[column]!),
            states.map((state) => state[site]!),
          );
          assert(error < TOLERANCE, `${site}: ${error}`);
        });
      },
    });
  }
}

for (const name of ["gemma2", "gpt_neox"]) {
  Deno.test(`buildDecoderGraph() gives each site of ${name} as the deepest, too`, async () => {
    const { directory, prompts, states, sites } = readCase(name);
    const runtime = { backend: "cpu", threads: 1 } as const;
    for (const site of sites) {
      if ("block" in site && site.block !== 1) continue; // one block does
      const text = "block" in site ? `${site.point} ${site.block}` : site.point;
      const made = await statesAt(directory, { sites: [site], prompts, runtime });
      const error = errorAt(made.map(([state]) => state!), states.map((state) => state[text]!));
      assert(error < TOLERANCE, `${text}: ${error}`);
    }
  });
}

Deno.test("buildDecoderGraph() gives the same bytes whatever the size of batches", async () => {
  for (const name of ["llama", "gemma3_text", "phi3"]) {
    const { directory, prompts, sites } = readCase(name);
    const runtime = { backend: "cpu", threads: 1 } as const;
    const together = await statesAt(directory, { sites, prompts, runtime });
    const apart = await statesAt(directory, { sites, prompts, runtime, maxNodes: 1 });
    assert.deepEqual(apart, together, name);
  }
});
