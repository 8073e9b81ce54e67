/**
 * What the host does beside the products of matrices, each for itself: hashing, reading and checking,
 * the unexplained variance, the numbers that tiles are tried on, the files of numbers, the pictures. It
 * needs no GPU and no job: all numbers are random, of the sizes of the full job.
 *
 * @module
 */
import { hashFile } from "../lib/files/hash_file.ts";
import { layerPath } from "../lib/results/file_names.ts";
import { writeLayerResult } from "../lib/results/write_layer.ts";
import { DrawingThreads } from "../lib/pictures/drawing_threads.ts";
import { writePicturesOf } from "../lib/pictures/layer_pictures.ts";
import { longestMatrix, TRIAL_SIZES, trialNumbers } from "../lib/sae/encode/kernel_problem.ts";
import { wholeRows } from "../lib/sae/feature_rows.ts";
import { findCheckpoint } from "../lib/sae/formats/find_checkpoint.ts";
import { loadDecoder, loadSae } from "../lib/sae/formats/load_checkpoint.ts";
import { unexplainedVariance } from "../lib/sae/reconstruction.ts";
import { decoderOf, saeOf } from "../lib/sae/sae.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { randomResult } from "./pictures.ts";
import { median } from "./products.ts";
import type { Table } from "./table.ts";

const WIDTH = 768;
const FEATURES = 10_006;
const QUESTIONS = 3000;
/** How long a file is hashed, in bytes: longer ones take as much longer. */
const HASHED = 2 ** 27;
/** Layers whose pictures are drawn, with threads beside this one and without. */
const DRAWN = [0, 1, 2];

/** Measures each piece of work so often; medians count. */
export async function measureHost(
  { runs, scratch, saes }: { runs: number; scratch: string; saes: string },
): Promise<Table> {
  const rows: string[][] = [];
  const time = async (what: string, size: string, work: () => unknown) => {
    await work(); // fills caches
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    rows.push([what, size, `${median(times).toFixed(1)} ms`]);
  };
  const file = `${scratch}/hashed`;
  await Deno.writeFile(file, bytesOf(randomFloats(HASHED / 4)));
  await time("hash of a file", mebi(HASHED), () => hashFile(file));
  const found = await findCheckpoint(saes, 1);
  if ("path" in found) {
    const { bytesRead } = await loadSae(found.path);
    await time("encoder: read, CRC, finite, hash", mebi(bytesRead), () => loadSae(found.path));
    const { decoder, bytesRead: ofDecoder } = await loadDecoder(found.path);
    if (decoder !== undefined) {
      await time("decoder: the same", mebi(ofDecoder), () => loadDecoder(found.path));
    }
  }
  const states = randomFloats(QUESTIONS * WIDTH);
  const hidden = {
    count: QUESTIONS,
    width: WIDTH,
    read: (first: number, count: number) => states.subarray(first * WIDTH, (first + count) * WIDTH),
  };
  const pair = randomSae();
  const cells = `${QUESTIONS} × ${WIDTH}, ${FEATURES} features`;
  await time("unexplained variance", cells, () => unexplainedVariance(hidden, pair));
  const longest = longestMatrix(TRIAL_SIZES);
  await time("numbers to try tiles on", `${longest}`, () => trialNumbers(longest));
  const results = DRAWN.map(randomResult);
  await time("files of numbers of a layer", `6 × ${FEATURES}`, () => {
    return writeLayerResult(scratch, results[0]!);
  });
  await Deno.remove(layerPath(scratch, 0, "analysis.json"));
  for (const size of new Set([0, 1, Math.max(1, navigator.hardwareConcurrency - 1)])) {
    await time(`pictures, ${size} threads beside this one`, `${DRAWN.length} layers`, async () => {
      using drawing = new DrawingThreads({ layerCount: DRAWN.length, pictures: {}, size });
      const draw = (result: typeof results[number]) =>
        writePicturesOf(scratch, result, { options: {}, drawing });
      await Promise.all(results.map(draw));
    });
  }
  return {
    title: "What the host does",
    columns: ["work", "size", "median"],
    rows,
    notes: [
      `${navigator.hardwareConcurrency} cores. All but the pictures is done by one thread; starting ` +
      "the threads that draw counts. Which tile is fastest is chosen on a GPU, by the part kernel.",
    ],
  };
}

function randomSae(): Parameters<typeof unexplainedVariance>[1] {
  const shape = {
    kind: "traditional",
    width: WIDTH,
    featureCount: FEATURES,
    freeCount: FEATURES,
    slotCount: 0,
  } as const;
  const weight = randomFloats(FEATURES * WIDTH);
  const rows = wholeRows(weight, WIDTH);
  return {
    sae: saeOf(shape, { rows, bias: new Float32Array(FEATURES) }),
    decoder: decoderOf({ weight, bias: new Float32Array(WIDTH) }),
  };
}

/** Numbers around zero. */
function randomFloats(length: number): Float32Array<ArrayBuffer> {
  const random = new SeededRandom(1);
  return Float32Array.from({ length }, () => random.next() / 2 ** 32 - 0.5);
}

function bytesOf({ buffer }: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

function mebi(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
