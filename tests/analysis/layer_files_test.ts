import assert from "node:assert/strict";
import { writeLayerFiles } from "../../lib/analysis/layer_files.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { type Drawing, DRAWN_HERE } from "../../lib/pictures/layer_pictures.ts";
import { numbersOf } from "../../lib/results/layer_name.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const pictures = { dpi: 20 };
/** How many pictures a layer has: those that mark no discoveries, and all. */
const PLAIN = LAYER_PICTURES.filter(({ marksDiscoveries }) => !marksDiscoveries).length;
const ALL = LAYER_PICTURES.length;

function names({ path }: TemporaryDirectory): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("writeLayerFiles() writes new numbers and draws pictures, and says when each is complete", async () => {
  using directory = new TemporaryDirectory();
  const done: unknown[] = [];
  const observer = {
    ...SILENT,
    done: (_: string, part: string, included: readonly string[] = []) =>
      done.push([part, included, names(directory).filter((name) => name.endsWith("png")).length]),
  };
  const how = { isNew: true, pictures };
  await writeLayerFiles(directory.path, layerResult(), how, observer);
  assert.deepEqual(done, [
    ["numbers of layer 6", [], 0],
    ["layer 6", [numbersOf(6)], ALL],
  ]);
  assert(names(directory).includes("layer06_analysis.json"));
});

Deno.test("writeLayerFiles() does not touch numbers that are there already", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerFiles(directory.path, layerResult(), { isNew: false, pictures }, SILENT);
  const written = names(directory);
  assert.equal(written.length, ALL);
  assert(written.every((name) => name.endsWith(".png")));
});

/** Draws as threads do, beside what this thread does: at once, and notes which files there were then. */
function besides(directory: TemporaryDirectory, draw: Drawing["draw"]) {
  const found: string[][] = [];
  const drawing: Drawing = {
    atOnce: 2,
    draw: (...asked) => {
      found.push(names(directory));
      return draw(...asked);
    },
  };
  return { found, drawing };
}

Deno.test("threads draw while the numbers are written, and the pictures are written after them", async () => {
  using directory = new TemporaryDirectory();
  const { found, drawing } = besides(directory, DRAWN_HERE.draw);
  const picturesThen: number[] = [];
  const observer = {
    ...SILENT,
    done: () => picturesThen.push(names(directory).filter((name) => name.endsWith(".png")).length),
  };
  await writeLayerFiles(
    directory.path,
    layerResult(),
    { isNew: true, pictures, drawing },
    observer,
  );
  assert(!found[0]!.includes("layer06_analysis.json"), "the first was begun before them");
  assert.deepEqual(picturesThen, [0, ALL]);
});

Deno.test("a picture that cannot be drawn leaves whole numbers, and numbers that cannot be written no picture", async () => {
  using directory = new TemporaryDirectory();
  const failing = besides(directory, () => Promise.reject(new Error("no canvas")));
  const how = { isNew: true, pictures };
  await assert.rejects(
    writeLayerFiles(directory.path, layerResult(), { ...how, drawing: failing.drawing }, SILENT),
    /no canvas/,
  );
  assert(names(directory).includes("layer06_analysis.json"));
  using blocked = new TemporaryDirectory();
  Deno.mkdirSync(`${blocked.path}/layer06_questions.npy/in_the_way`, { recursive: true });
  const { drawing } = besides(blocked, DRAWN_HERE.draw);
  await assert.rejects(
    writeLayerFiles(blocked.path, layerResult(), { ...how, drawing }, SILENT),
    inputError(/layer06_questions\.npy cannot be written/),
  );
  assert(names(blocked).every((name) => name.endsWith(".npy")), "neither a record nor a picture");
});

Deno.test("a verdict on other numbers goes before new ones come, and that is said once", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["verdict.md", "verdict.json"]) directory.write(name, "{}");
  const notes: [string, unknown][] = [];
  const observer = {
    ...SILENT,
    note: (message: string, advice?: { kind: string }) => notes.push([message, advice?.kind]),
  };
  await writeLayerFiles(directory.path, layerResult(), { isNew: false, pictures }, observer);
  assert(names(directory).includes("verdict.md")); // of numbers that stay
  const how = { isNew: true, pictures };
  await writeLayerFiles(directory.path, layerResult(), how, observer);
  await writeLayerFiles(directory.path, layerResult(), how, observer);
  assert(!names(directory).some((name) => name.startsWith("verdict")));
  const said = "removed, for the numbers are others now: verdict.md, verdict.json";
  assert.deepEqual(notes, [[said, "verdict_again"]]);
});

Deno.test("pictures that mark discoveries can be left for the end of a run", async () => {
  using directory = new TemporaryDirectory();
  const how = { isNew: true, pictures, marksLater: true };
  await writeLayerFiles(directory.path, layerResult(), how, SILENT);
  const drawn = names(directory).filter((name) => name.endsWith("png"));
  assert.equal(drawn.length, PLAIN);
  assert(PLAIN < ALL);
  assert(!drawn.some((name) => name.includes("_top")));
});

Deno.test("writeLayerFiles() names pictures that go because the layer's SAE is another one now", async () => {
  using directory = new TemporaryDirectory();
  const how = { isNew: true, pictures };
  await writeLayerFiles(directory.path, layerResult(), how, SILENT);
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  await writeLayerFiles(directory.path, traditionalResult(), how, observer);
  // The two that AlignSAE's script does not draw of a traditional SAE, and others like them.
  assert.equal(notes.length, 1);
  assert.match(
    notes[0]!,
    /^layer 6: removed, for it has no such picture any more: .*layer06_feature_consistency\.png, .*layer06_relation_slots_only\.png/,
  );
});

Deno.test("new numbers of a layer that was measured remove the table that it is in, and it is said", async () => {
  using directory = new TemporaryDirectory();
  const tables = ["selectivity.csv", "selectivity.json", "selectivity.parquet"];
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  const writeAgain = async (marksLater: boolean) => {
    for (const name of tables) directory.write(name, "of other numbers");
    const how = { isNew: true, pictures, marksLater };
    await writeLayerFiles(directory.path, traditionalResult(), how, observer);
    return names(directory).filter((name) => tables.includes(name));
  };
  assert.deepEqual(await writeAgain(false), tables, "the layer is not in it");
  const record = "layer06_selectivity.json";
  directory.write(record, "{}");
  assert.deepEqual(await writeAgain(false), []);
  assert.deepEqual(notes, [
    "removed, for the numbers are others now: selectivity.json, selectivity.parquet, selectivity.csv",
  ]);
  directory.write(record, "{}");
  assert.deepEqual(await writeAgain(true), []);
  assert.equal(notes.length, 1, "at the end of the run it is made again");
});
