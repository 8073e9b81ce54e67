import assert from "node:assert/strict";
import {
  captionOf,
  controlsOf,
  writeRunComparison,
} from "../../lib/comparison/comparison_files.ts";
import type { LayerComparison } from "../../lib/comparison/compare_runs.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { run } from "../support/compared_runs.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** What it needs of a record. */
function record(options: Record<string, unknown> = {}, freeCount = 48): LayerRecord {
  const known = {
    layer: 0,
    hidden_state: "hidden_states[0]",
    sae: "unsupervised",
    freeCount,
    slotCount: 0,
    relations: [{ questions: 5 }],
    provenance: { options },
  };
  return known as unknown as LayerRecord;
}

Deno.test("of several SAEs at one site each is the control, and the caption names the sizes of all", () => {
  const layers = [["layer00_w48", 48], ["layer00_w128", 128]].map(([layer, features]) => ({
    layer: String(layer),
    isControl: true,
    records: [record({}, Number(features)), record({}, 2 * Number(features))] as const,
  }));
  assert.deepEqual(controlsOf(layers), ["layer00_w48", "layer00_w128"]);
  const [a, b] = captionOf(layers);
  assert.match(a!, /^A: .*48 features; .*128 features, 5 questions per relation$/);
  assert.match(b!, /^B: .*96 features; .*256 features, 5 questions per relation$/);
});

/** What was found at layers, of which only some have slots. */
function comparisonOf(slotsAt: Readonly<Record<number, number>>) {
  const relations = run().selectivity.record.groups.map((group) => ({ ...group, questions: 40 }));
  const records = [record(), record()].map((each) => ({ ...each, relations })) as unknown as [
    LayerRecord,
    LayerRecord,
  ];
  const layers = Object.entries(slotsAt).map(([layer, slots]): LayerComparison => {
    const [a, b] = [run({ slots }), run({ slots, seed: 2 })];
    const found = compareSites(a, b, "slots");
    return {
      layer: Number(layer),
      site: `pre ${layer}`,
      records,
      madeOf: ["a", "b"],
      isControl: false,
      pairs: { ...found && { slots: found }, features: compareSites(a, b, "features")! },
    };
  });
  const notes = { both: [], slots: ["At layer 3: a note."], features: [] };
  return { records, persons: { a: 40, b: 40, shared: 40 }, layers, notes };
}

Deno.test("the picture of slots shows the layers that have some, and no layer that has none", async () => {
  using directory = new TemporaryDirectory();
  const how = { directories: ["a", "b"], pictures: { formats: ["svg"] } } as const;
  const { paths } = await writeRunComparison(directory.path, comparisonOf({ 3: 0, 6: 2 }), how);
  const textsOf = (what: string) =>
    [...Deno.readTextFileSync(`${directory.path}/compare_${what}.svg`).matchAll(/>([^<>]+)</g)]
      .map(([, text]) => text!.trim());
  assert(paths.includes(`${directory.path}/compare_slots.svg`), paths.join());
  assert(textsOf("features").includes("3") && textsOf("features").includes("6"));
  assert(!textsOf("slots").includes("3") && textsOf("slots").includes("6"));
  assert.match(textsOf("slots").join(" "), /At layer 3: a note/);
});

Deno.test("no picture of an earlier comparison is left beside a later one", async () => {
  using directory = new TemporaryDirectory();
  const write = (slots: number, format: "svg" | "pdf") => {
    const pictures = { formats: [format] };
    const how = { directories: ["a", "b"], pictures } as const;
    return writeRunComparison(directory.path, comparisonOf({ 6: slots }), how);
  };
  await write(2, "svg");
  const { paths, removed } = await write(0, "pdf");
  const names = (all: readonly string[]) => all.map((path) => path.split("/").at(-1)).sort();
  assert.deepEqual(names(removed), ["compare_slots.svg"]);
  const there = ["compare.json", "compare.md", "compare_features.pdf", "compare_features.svg"];
  assert.deepEqual(names(paths), there);
  assert.deepEqual(names([...Deno.readDirSync(directory.path)].map(({ name }) => name)), there);
});

Deno.test("a picture of an earlier comparison that cannot be removed is named", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/compare_slots.svg`;
  Deno.mkdirSync(`${path}/inside`, { recursive: true });
  const how = { directories: ["a", "b"], pictures: { formats: ["svg"] } } as const;
  await assert.rejects(
    writeRunComparison(directory.path, comparisonOf({ 6: 0 }), how),
    inputErrorNaming(path, "cannot be removed"),
  );
});
