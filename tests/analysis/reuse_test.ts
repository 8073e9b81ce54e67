import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisOptions, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { reusableLayers } from "../../lib/analysis/reuse.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { parseSiteList } from "../../lib/lm/site_list.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import type { LayerName } from "../../lib/results/layer_name.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  questionLines,
  supervisedSae,
  tinyOptions,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

function optionsOf(directory: TemporaryDirectory): AnalysisOptions {
  return tinyOptions(directory, { layers: [0, 1] });
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests

/** Every file of inputs and results, as they were once layers 0 and 1 were analysed, by path. */
let analyzed: Map<string, Uint8Array> | undefined;

/** Analyses layers 0 and 1, once for all tests, changes something, and asks which of them are used again. */
async function askAfter(
  change: (directory: TemporaryDirectory) => void,
  options: Partial<AnalysisOptions> = {},
): Promise<{ layers: LayerName[]; notes: string[] }> {
  using device = await openDevice("cpu");
  if (analyzed === undefined) {
    writeTinyInputs(directory, { layers: [0, 1] });
    Deno.mkdirSync(`${directory.path}/results`);
    const before = await planAnalysis(optionsOf(directory));
    for await (const result of analyzeLayers(before, device)) {
      await writeLayerResult(`${directory.path}/results`, result);
    }
    analyzed = new Map(filesBelow(directory.path));
  }
  for (const [path, bytes] of analyzed) directory.write(path, bytes);
  change(directory);
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  const plan = await planAnalysis({ ...optionsOf(directory), ...options });
  const reusable = await reusableLayers(plan, device, `${directory.path}/results`, observer);
  return {
    layers: [...reusable],
    notes: notes.map((note) => note.replaceAll(`${directory.path}/`, "")),
  };
}

function* filesBelow(directory: string, below = ""): Generator<[path: string, bytes: Uint8Array]> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (isDirectory) yield* filesBelow(`${directory}/${name}`, `${below}${name}/`);
    else yield [below + name, Deno.readFileSync(`${directory}/${name}`)];
  }
}

Deno.test("reusableLayers() are none where nothing has been analysed, and nothing is said of it", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  using device = await openDevice("cpu");
  const plan = await planAnalysis(optionsOf(directory));
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  const found = await reusableLayers(plan, device, `${directory.path}/results`, observer);
  assert.deepEqual([[...found], notes], [[], []]);
});

Deno.test("reusableLayers() are those whose results are there, of the same", async () => {
  assert.deepEqual(await askAfter(() => {}), {
    layers: [0, 1],
    notes: [
      "layers 0, 1: the results are there already, of the same inputs and options, and are not " +
      "computed again",
    ],
  });
});

const SAID: readonly [what: string, options: Partial<AnalysisOptions>][] = [
  ["that no beginning token is added", { prompts: { prependBos: false } }],
  ["the template", { prompts: { template: "Q: {question}\nA:" } }],
  ["the position", { prompts: { position: { kind: "index", index: -1 } } }],
  ["all layers, in another order", { layers: [1, 0] }],
  ["the sites of the layers", { layers: "all", sites: parseSiteList("pre:0-1").list }],
  ["all relations, in another order", { relations: [5, 4, 3, 2, 1, "birth_date"] }],
  ["the format of the SAEs", { saeFormat: "alignsae" }],
];
for (const [what, options] of SAID) {
  Deno.test(`reusableLayers() are the same whether it is said or holds by default: ${what}`, async () => {
    assert.deepEqual((await askAfter(() => {}, options)).layers, [0, 1]);
  });
}

const CHANGES: readonly [
  what: string,
  reason: string,
  change: (directory: TemporaryDirectory) => void,
  options?: Partial<AnalysisOptions>,
][] = [
  ["the threshold", "activation threshold 0.1 before, 0.5 now", () => {}, { threshold: 0.5 }],
  ["samples", "2 questions of birth_date before, 1 now", () => {}, { samplesPerRelation: 1 }],
  ["relations", "other relations", () => {}, { relations: [0, 1, 2] }],
  [
    "the questions",
    "another questions.jsonl",
    (directory) => directory.write("questions.jsonl", questionLines(3).join("\n")),
  ],
  [
    "the model",
    "another config.json",
    ({ path }) => Deno.writeTextFileSync(`${path}/lm/config.json`, " ", { append: true }),
  ],
  [
    "the encoders",
    "another encoder in the SAE's checkpoint",
    (directory) => {
      for (const layer of [0, 1]) {
        directory.write(`sae/layer${layer}/sae_best.pt`, supervisedSae({ bias: 1 }));
      }
    },
  ],
];
for (const [what, reason, change, options] of CHANGES) {
  Deno.test(`reusableLayers() are none after a change of ${what}, and the reason is said once`, async () => {
    assert.deepEqual(await askAfter(change, options), {
      layers: [],
      notes: [`layers 0, 1 are computed again: ${reason}`],
    });
  });
}

Deno.test("reusableLayers() leave out a layer whose SAE is another one", async () => {
  const { layers, notes } = await askAfter((directory) =>
    directory.write("sae/layer1/sae_best.pt", supervisedSae({ bias: 1 }))
  );
  assert.deepEqual(layers, [0]);
  assert.equal(notes[0], "layer 1 is computed again: another encoder in the SAE's checkpoint");
});

const DAMAGES: readonly [what: string, damage: (path: string) => void, reason: string][] = [
  ["missing", (path) => Deno.removeSync(path), "is missing"],
  ["cut", (path) => Deno.truncateSync(path, 100), "is not as it was written"],
  [
    "changed by a byte",
    (path) => {
      const bytes = Deno.readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      Deno.writeFileSync(path, bytes);
    },
    "is not as it was written",
  ],
];
for (const [what, damage, reason] of DAMAGES) {
  for (const name of ["consistency.npy", "statistics.json", "analysis.json"]) {
    Deno.test(`reusableLayers() leave out a layer whose ${name} is ${what}`, async () => {
      const file = `results/layer00_${name}`;
      const { layers, notes } = await askAfter(({ path }) => damage(`${path}/${file}`));
      assert.deepEqual(layers, [1]);
      const isRecord = name === "analysis.json"; // where there is none, nothing was analysed
      const said = `layer 0 is computed again: ${file}`;
      if (!isRecord) assert.equal(notes[0], `${said} ${reason}`);
      else if (what !== "missing") assert(notes[0]!.startsWith(said), notes[0]);
    });
  }
}
