import assert from "node:assert/strict";
import {
  drawSummaryPicture,
  summaryFormatsOnDisk,
  summaryPicturePaths,
  writeSummaryPicture,
} from "../../lib/pictures/summary_picture.ts";
import { slotsOf } from "../../lib/results/layer_slots.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("writeSummaryPicture() draws one picture of all layers, skipped ones included", async () => {
  using directory = new TemporaryDirectory();
  const results = [layerResult({ layer: 0 }), traditionalResult({ layer: 6 })];
  const summary = summarizeAnalysis(results.map(summarizeLayer), {
    samplesPerRelation: 2,
    relations: results[0]!.record.relations,
    skipped: [{ layer: 3, reason: "No SAE checkpoint found" }],
    provenances: results.map(({ record }) => record.provenance),
  });
  const paths = await writeSummaryPicture(directory.path, {
    summary,
    slots: results.map(slotsOf),
    options: { formats: ["svg"], dpi: 20 },
  });
  assert.deepEqual(paths, [`${directory.path}/all_layers_relation_slots_summary.svg`]);
  const svg = await Deno.readTextFile(paths[0]!);
  const places = ["Layer 0", "Layer 3", "Layer 6"].map((title) => svg.indexOf(`>${title}<`));
  assert(places.every((place, i) => place > (places[i - 1] ?? 0)), "ascending");
  assert.match(svg, />No data: No SAE checkpoint found</);
  // Of the traditional SAE: features 3 and 1 of five stand out most for one relation each.
  assert.match(svg, />no slots: the most selective feature of each relation</);
  for (const feature of ["F3", "F4"]) assert.match(svg, new RegExp(`>${feature}<`));
  assert.match(svg, />diagonal 3\.00, off-diagonal 0\.75, binding accuracy 75\.0 %</);
});

Deno.test("writeSummaryPicture() draws stale pictures in other formats again, and leaves the rest", async () => {
  using directory = new TemporaryDirectory();
  const [pdf, svg] = ["pdf", "svg"].map((format) =>
    directory.write(`all_layers_relation_slots_summary.${format}`, "old")
  );
  const paths = await writeSummaryPicture(directory.path, { ...summaryOf(20), stale: ["pdf"] });
  assert.deepEqual(paths, [`${directory.path}/all_layers_relation_slots_summary.png`, pdf]);
  assert(Deno.readTextFileSync(pdf!).startsWith("%PDF"));
  assert.equal(Deno.readTextFileSync(svg!), "old");
});

Deno.test("writeSummaryPicture() writes what was drawn ahead, and draws the rest", async () => {
  using directory = new TemporaryDirectory();
  const { options, ...compared } = summaryOf(20);
  const drawn = await drawSummaryPicture(directory.path, compared, { dpi: 30 });
  const how = { ...compared, options, stale: ["svg"] as const, drawn };
  const [png, svg] = await writeSummaryPicture(directory.path, how);
  assert.deepEqual(Deno.readFileSync(png!), new Uint8Array(drawn[0]!.content as Uint8Array));
  assert(Deno.readTextFileSync(svg!).startsWith("<svg"));
});

Deno.test("writeSummaryPicture() that cannot be drawn so finely says so, and leaves the old one", async () => {
  using directory = new TemporaryDirectory();
  const old = directory.write("all_layers_relation_slots_summary.png", "old");
  await assert.rejects(
    writeSummaryPicture(directory.path, summaryOf(100_000)),
    inputError(/_summary\.png would be too large: 100000 dpi of .* inches; at most \d+ dpi fit/),
  );
  assert.equal(Deno.readTextFileSync(old), "old");
});

/** A summary of one layer, to be drawn in a resolution. */
function summaryOf(dpi: number) {
  const result = layerResult();
  const summary = summarizeAnalysis([summarizeLayer(result)], {
    samplesPerRelation: 2,
    relations: result.record.relations,
    skipped: [],
    provenances: [result.record.provenance],
  });
  return { summary, slots: [slotsOf(result)], options: { dpi } };
}

Deno.test("summaryFormatsOnDisk() says in which formats there is a picture of all layers", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["all_layers_relation_slots_summary.pdf", "layer00_x.svg", "summary.png"]) {
    directory.write(name, "");
  }
  assert.deepEqual(await summaryFormatsOnDisk(directory.path), ["pdf"]);
});

Deno.test("summaryPicturePaths() are those of all formats", () => {
  assert.deepEqual(summaryPicturePaths("out"), [
    "out/all_layers_relation_slots_summary.png",
    "out/all_layers_relation_slots_summary.svg",
    "out/all_layers_relation_slots_summary.pdf",
  ]);
});
