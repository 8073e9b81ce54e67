/** `writeComparison()` itself is tried by `tests/scripts/rerun_test.ts`, for it takes a whole run. */
import assert from "node:assert/strict";
import { compareAgain, earlierComparison } from "../../lib/analysis/compare_layers.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { layerResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Two layers on disk, with nothing of all layers together. */
async function results({ path }: TemporaryDirectory): Promise<void> {
  for (const layer of [2, 6]) await writeLayerResult(path, layerResult({ layer }));
}

const SMALL = { dpi: 20 };

Deno.test("compareAgain() writes the summary and its picture, and looks for the times", async () => {
  using directory = new TemporaryDirectory();
  await results(directory);
  const { path } = directory;
  const { summary, times, paths } = await compareAgain(path, { layers: [2, 6], pictures: SMALL });
  assert.deepEqual(summary.layers_analyzed, [2, 6]);
  assert.equal(times, undefined);
  assert.deepEqual(paths, [
    `${path}/all_layers_relation_slots_summary.png`,
    `${path}/analysis_summary.json`,
  ]);
  for (const each of paths) assert(Deno.statSync(each).isFile);
});

Deno.test("compareAgain() draws a picture in another format again only if the summary changes", async () => {
  using directory = new TemporaryDirectory();
  await results(directory);
  const { path } = directory;
  const svg = `${path}/all_layers_relation_slots_summary.svg`;
  const formatsOf = async (layers: number[], formats: ("png" | "svg")[]) => {
    const { paths } = await compareAgain(path, { layers, pictures: { ...SMALL, formats } });
    return paths.filter((each) => !each.endsWith("json")).map((each) => each.slice(-3));
  };
  assert.deepEqual(await formatsOf([2, 6], ["svg"]), ["svg"]);
  const before = Deno.readTextFileSync(svg);
  assert.deepEqual(await formatsOf([2, 6], ["png"]), ["png"]);
  assert.equal(Deno.readTextFileSync(svg), before);
  assert.deepEqual(await formatsOf([6], ["png"]), ["png", "svg"]);
  assert.notEqual(Deno.readTextFileSync(svg), before);
});

Deno.test("earlierComparison() is what there is: nothing, all of it, or the text of a damaged file", async () => {
  using directory = new TemporaryDirectory();
  await results(directory);
  const { path } = directory;
  const nothing = { text: undefined, summary: undefined, formats: [] };
  assert.deepEqual(await earlierComparison(path), nothing);
  const { summary } = await compareAgain(path, { layers: [2, 6], pictures: SMALL });
  const found = await earlierComparison(path);
  assert.deepEqual(found.summary?.layers_analyzed, summary.layers_analyzed);
  assert.deepEqual(found.formats, ["png"]);
  directory.write("analysis_summary.json", "{");
  const warnings: string[] = [];
  const observer = { ...SILENT, warn: (message: string) => warnings.push(message) };
  const damaged = await earlierComparison(path, observer);
  assert.deepEqual([damaged.text, damaged.summary], ["{", undefined]);
  assert.match(warnings[0]!, /analysis_summary\.json.*; what it said of skipped layers is lost/);
});
