import assert from "node:assert/strict";
import { hashBytes } from "../../lib/files/hash_file.ts";
import { PICTURE_FORMATS } from "../../lib/plot/names.ts";
import type { PictureOptions } from "../../lib/pictures/figure_files.ts";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { SITE_PICTURES } from "../../lib/pictures/all_site_pictures.ts";
import { drawingThreadCount, DrawingThreads } from "../../lib/pictures/drawing_threads.ts";
import { writeSummaryPicture } from "../../lib/pictures/summary_picture.ts";
import { slotsOf } from "../../lib/results/layer_slots.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { watchWork } from "../../lib/base/work_log.ts";
import { sourceOf, writePicturesOf } from "../../lib/pictures/layer_pictures.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult } from "../support/layer_results.ts";
import { siteOf } from "../support/selectivity_sites.ts";
import { ROOT } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** A name in letters that only Noto has: their fonts are found by each thread for itself. */
const result = layerResult({
  relations: [
    { index: 0, key: "birth_date", label: "生年月日 जन्म", questions: 2 },
    { index: 1, key: "birth_city", label: "Birth City", questions: 2 },
  ],
});

/** The hashes of files, by their names. */
function filesOf({ path }: TemporaryDirectory): Record<string, string> {
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  const hash = (name: string) => hashBytes(Deno.readFileSync(`${path}/${name}`));
  return Object.fromEntries(names.map((name) => [name, hash(name)]));
}

/** Those of a format, or all others. */
function those(files: Record<string, string>, isWanted: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(files).filter(([name]) => isWanted(name)));
}

async function draw(size: number, options: PictureOptions): Promise<Record<string, string>> {
  using directory = new TemporaryDirectory();
  using drawing = new DrawingThreads({ layerCount: 2, pictures: options, size });
  // Two layers at a time, as an analysis has them.
  await Promise.all([6, 7].map((layer) => {
    const { record } = result;
    const of = { ...result, record: { ...record, layer } };
    return writePicturesOf(directory.path, of, { options, drawing });
  }));
  return filesOf(directory);
}

Deno.test("pictures are the same bytes, drawn by this thread, by one other or by three", async () => {
  const options = { dpi: 20, formats: PICTURE_FORMATS };
  const here = await draw(0, options);
  assert.equal(Object.keys(here).length, 2 * LAYER_PICTURES.length * PICTURE_FORMATS.length);
  for (const size of [1, 3]) {
    assert.deepEqual(
      await draw(size, { ...options, formats: ["png", "svg"] }),
      those(here, (name) => !name.endsWith("pdf")),
    );
    assert.deepEqual(
      await draw(size, { ...options, formats: ["pdf"] }),
      those(here, (name) => name.endsWith("pdf")),
    );
  }
});

Deno.test("pictures of statistics are the same bytes, drawn here or by a thread, and the numbers stay", async () => {
  const site = siteOf({ features: 5 });
  const layer = { record: result.record, site, tests: 10 };
  const draw = async (size: number, format: "png" | "svg" | "pdf") => {
    const pictures = SITE_PICTURES.map((picture) => ({
      picture,
      options: { dpi: 20, formats: [format] },
    }));
    using drawing = new DrawingThreads({ layerCount: 2, pictures: {}, size });
    const files = await drawing.drawSite("results", layer, pictures);
    return files.map((
      { path, content },
    ) => [path, hashBytes(new TextEncoder().encode(`${content}`))]);
  };
  for (const format of PICTURE_FORMATS) {
    const here = await draw(0, format);
    assert.deepEqual(here.map(([path]) => path), [
      `results/layer06_selectivity_volcano.${format}`,
      `results/layer06_feature_sharing.${format}`,
    ]);
    assert.deepEqual(await draw(1, format), here);
  }
  assert.equal(site.measures.auroc.length, 10);
  assert(site.activations.length > 0 && site.log10Q.length > 0);
});

Deno.test("what a thread refuses to draw is refused with the same advice as here", async () => {
  using directory = new TemporaryDirectory();
  const pictures = { dpi: 100_000 };
  using drawing = new DrawingThreads({ layerCount: 2, pictures, size: 1 });
  await assert.rejects(
    writePicturesOf(directory.path, result, { options: pictures, drawing }),
    inputError(/layer06_\w+\.png would be too large: 100000 dpi of .*; at most \d+ dpi fit/),
  );
  assert.deepEqual(filesOf(directory), {});
});

Deno.test("a thread draws the picture of all layers ahead, the same bytes, but no PDF and not without threads", async () => {
  using directory = new TemporaryDirectory();
  const compared = {
    summary: summarizeAnalysis([summarizeLayer(result)], {
      samplesPerRelation: 2,
      relations: result.record.relations,
      skipped: [],
      provenances: [result.record.provenance],
    }),
    slots: [slotsOf(result)],
  };
  const { path } = directory;
  const ahead = async (size: number, options: PictureOptions) => {
    using drawing = new DrawingThreads({ layerCount: 2, pictures: options, size });
    return await drawing.drawSummaryAhead(path, compared, options);
  };
  const options = { dpi: 20, formats: ["png", "svg"] } as const;
  const drawn = await ahead(1, options);
  assert.deepEqual(filesOf(directory), {}, "nothing is written");
  await writeSummaryPicture(path, { ...compared, options });
  const written = drawn.map(({ path }) => Deno.readFileSync(path));
  assert.deepEqual(
    drawn.map(({ content }) =>
      typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content)
    ),
    written,
  );
  assert.equal(drawn.length, 2);
  assert.deepEqual(await ahead(0, options), []);
  assert.deepEqual(await ahead(1, { ...options, formats: ["pdf"] }), []);
});

Deno.test("threads start ahead, one after the other, and not once they are ended", async () => {
  const started: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using _watching = watchWork(({ kind, thread }) => {
    if (kind === "start" && started.push(thread) === 2) resolve();
  });
  using drawing = new DrawingThreads({ layerCount: 2, pictures: {}, size: 2 });
  drawing.start();
  await promise;
  assert.deepEqual(started.sort(), ["picture worker 1", "picture worker 2"]);
  const ended = new DrawingThreads({ layerCount: 2, pictures: {}, size: 2 });
  ended.start();
  ended[Symbol.dispose](); // a timer or thread that went on would be found by the test runner
  new DrawingThreads({ layerCount: 2, pictures: {}, size: 0 }).start();
});

Deno.test("a process ends with its exit code while threads make themselves ready", async () => {
  for (const delay of [0, 20, 40, 60]) {
    const { code, signal } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--cached-only", "--no-prompt", "--no-check", "--allow-all"],
        ...["--config", `${ROOT}/deno.json`],
        ...[`${ROOT}/tests/support/ends_while_threads_warm_up.ts`, `${delay}`],
      ],
    }).output();
    assert.deepEqual({ code, signal }, { code: 1, signal: null });
  }
});

Deno.test("threads draw what they were asked for before they are ended, and none is started for that", async () => {
  const started: string[] = [];
  using _watching = watchWork(({ kind, thread }) => {
    if (kind === "start") started.push(thread);
  });
  const drawing = new DrawingThreads({ layerCount: 2, pictures: {}, size: 2 });
  const [recipe] = LAYER_PICTURES;
  using directory = new TemporaryDirectory();
  const source = { ...sourceOf(result, recipe!), options: { dpi: 20 } };
  const waiting = drawing.draw(directory.path, recipe!, source);
  await drawing[Symbol.asyncDispose]();
  assert.equal((await waiting).length, 1);
  assert.deepEqual(started, ["picture worker 1"]);
});

Deno.test("a thread that is ended is an error, not a hang", async () => {
  const drawing = new DrawingThreads({ layerCount: 2, pictures: {}, size: 1 });
  const [recipe] = LAYER_PICTURES;
  const waiting = drawing.draw("results", recipe!, { ...sourceOf(result, recipe!), options: {} });
  drawing[Symbol.dispose]();
  await assert.rejects(waiting, /the pool of threads was closed/);
});

Deno.test("no thread starts on two cores; on more, one is left to what is computed, or half of them", () => {
  const work = { layerCount: 12, pictures: {} };
  const counts = [1, 2, 4, 5, 8, 12, 16, 64].map((cores) => drawingThreadCount(work, cores));
  assert.deepEqual(counts, [0, 0, 3, 4, 4, 6, 8, 8]);
});

Deno.test("with statistics one thread starts on two cores: their pictures come when nothing is computed", () => {
  const work = { layerCount: 12, pictures: {}, hasStatistics: true };
  const counts = [1, 2, 4].map((cores) => drawingThreadCount(work, cores));
  assert.deepEqual(counts, [0, 1, 3]);
});

Deno.test("no thread starts for one layer, for tiny pictures or for PDFs, and fewer for large ones", () => {
  const count = (layerCount: number, dpi?: number) =>
    drawingThreadCount({ layerCount, pictures: { dpi } }, 8);
  assert.deepEqual([count(1), count(2), count(12, 20)], [0, 4, 0]);
  assert.equal(drawingThreadCount({ layerCount: 12, pictures: { dpi: 300 } }, 64), 3);
  assert.equal(drawingThreadCount({ layerCount: 12, pictures: { formats: ["pdf"] } }, 64), 0);
  assert.equal(drawingThreadCount({ layerCount: 12, pictures: {}, redrawsPdf: true }, 64), 0);
  assert.deepEqual([count(12, 250), count(12, 300), count(12, 1200)], [2, 1, 1]);
});
