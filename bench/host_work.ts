/**
 * The pieces of work that the host does beside products of matrices, each by itself, on random numbers of the sizes of
 * the full job.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { openDevice } from "../lib/compute/device.ts";
import { hashBytes, hashFile } from "../lib/files/hash_file.ts";
import { rowsInMemory } from "../lib/files/rows.ts";
import { makeArrays } from "../lib/results/layer_result.ts";
import { writeLayerResult } from "../lib/results/write_layer.ts";
import { createEncoder } from "../lib/sae/encode/create_encoder.ts";
import { longestMatrix, TRIAL_SIZES, trialNumbers } from "../lib/sae/encode/kernel_problem.ts";
import { findDisagreement } from "../lib/sae/encode/self_check.ts";
import { checkMagnitudes } from "../lib/sae/magnitudes.ts";
import { wholeRows } from "../lib/sae/feature_rows.ts";
import { findCheckpoint } from "../lib/sae/formats/find_checkpoint.ts";
import { loadDecoder, loadSae } from "../lib/sae/formats/load_checkpoint.ts";
import { unexplainedVariance } from "../lib/sae/reconstruction.ts";
import { decoderOf, saeOf } from "../lib/sae/sae.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { selectivityDesign } from "../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../lib/stats/selectivity/selectivity.ts";
import { checkFinite } from "../lib/tensors/stored_tensor.ts";
import { randomResult } from "./pictures.ts";

const WIDTH = 768;
const FEATURES = 10_006;
const GROUPS = 6;
const PERSONS = 500;
const QUESTIONS = GROUPS * PERSONS;
/** The layers of the full job. */
export const LAYERS = 12;
/** Features that are measured of a layer: the others take as long each. */
const MEASURED = 256;

/** A piece of work. */
export interface HostWork {
  /** What is done. */
  readonly name: string;
  /** On how much, for readers. */
  readonly size: string;
  /** How many bytes that are, where a rate says something. */
  readonly bytes?: number;
  /** How often the full job does it; 0 where that hangs on the device. */
  readonly times: number;
  /** Does it. */
  readonly run: () => unknown;
}

/**
 * The pieces of work of one thread, in the order in which an analysis comes to them.
 *
 * @param scratch A directory to write to.
 * @param saes A directory with an SAE for layer 1: a real file is read.
 */
export async function hostWork(scratch: string, saes: string): Promise<HostWork[]> {
  const weight = randomFloats(FEATURES * WIDTH);
  const bytes = new Uint8Array(weight.buffer);
  const file = `${scratch}/weights`;
  await Deno.writeFile(file, bytes);
  const matrix = { size: `${mebi(bytes.length)}: an encoder`, bytes: bytes.length };
  const shape = {
    kind: "traditional",
    width: WIDTH,
    featureCount: FEATURES,
    freeCount: FEATURES,
    slotCount: 0,
  } as const;
  const sae = saeOf(shape, {
    rows: wholeRows(weight, WIDTH),
    bias: new Float32Array(FEATURES),
  });
  const decoder = decoderOf({ weight, bias: new Float32Array(WIDTH) });
  const hidden = rowsInMemory(randomFloats(QUESTIONS * WIDTH), WIDTH);
  const groupSizes = new Array<number>(GROUPS).fill(PERSONS);
  const input = { hidden, groupSizes, sae, threshold: 0.1 };
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const encoded = await encoder.encode(input);
  const questions = Array.from({ length: QUESTIONS }, (_, i) => {
    return { relation: Math.floor(i / PERSONS), line: i };
  });
  const result = randomResult(0);
  const states = `${QUESTIONS} × ${WIDTH}`;
  const longest = longestMatrix(TRIAL_SIZES);
  return [
    { name: "read a file and hash it", ...matrix, times: 0, run: () => hashFile(file) },
    { name: "hash (SHA-256)", ...matrix, times: 2 * LAYERS, run: () => hashBytes(bytes) },
    { name: "checksum (CRC-32)", ...matrix, times: 2 * LAYERS, run: () => crc32(bytes) },
    {
      name: "finite?",
      ...matrix,
      times: 2 * LAYERS,
      run: () => checkFinite(weight, "a weight"),
    },
    ...await readingWork(saes),
    {
      name: "magnitudes of states and encoder",
      size: `${states}, ${FEATURES} features`,
      times: LAYERS,
      run: () => checkMagnitudes(input, "the SAE"),
    },
    {
      name: "self-check in float64",
      size: `${states}, a sample of ${FEATURES} features`,
      times: LAYERS,
      run: async () => {
        if (await findDisagreement(input, encoded) !== undefined) throw new Error("it disagrees");
      },
    },
    {
      name: "unexplained variance",
      size: `${states}, two states reconstructed`,
      times: LAYERS,
      run: () => unexplainedVariance(hidden, { sae, decoder }),
    },
    {
      name: "means, maxima, consistencies",
      size: `${GROUPS} × ${FEATURES}`,
      times: LAYERS,
      run: () => makeArrays({ ...encoded, questions }),
    },
    statisticsWork(),
    {
      name: "files of numbers",
      size: `${GROUPS} × ${FEATURES}, four arrays`,
      times: LAYERS,
      run: () => writeLayerResult(scratch, result),
    },
    {
      name: "numbers to try tiles on, once",
      size: `${longest.toLocaleString("en")} numbers`,
      times: 1,
      run: () => trialNumbers(longest),
    },
  ];
}

/** A checkpoint as it is read: what is needed of it, checked and hashed. */
async function readingWork(saes: string): Promise<HostWork[]> {
  const found = await findCheckpoint(saes, 1);
  if (!("path" in found)) return [];
  const { path } = found;
  const { bytesRead } = await loadSae(path);
  const work: HostWork[] = [{
    name: "an encoder: read, CRC-32, finite?, hash",
    size: `${mebi(bytesRead)} of ${path}`,
    bytes: bytesRead,
    times: LAYERS,
    run: () => loadSae(path),
  }];
  const { decoder, bytesRead: ofDecoder } = await loadDecoder(path);
  if (decoder === undefined) return work;
  return [...work, {
    name: "its decoder: the same",
    size: mebi(ofDecoder),
    bytes: ofDecoder,
    times: LAYERS,
    run: () => loadDecoder(path),
  }];
}

/** The statistics of each feature, of some features of a layer. */
function statisticsWork(): HostWork {
  const groups = Int32Array.from({ length: QUESTIONS }, (_, i) => Math.floor(i / PERSONS));
  const persons = Int32Array.from(groups, (_, i) => i % PERSONS);
  const isChoosing = Uint8Array.from(persons, (person) => person % 2);
  const design = selectivityDesign(groups, { groupCount: GROUPS, persons });
  const meter = new SelectivityMeter(design, { threshold: 0.1, isChoosing, wordings: undefined });
  const columns = randomFloats(MEASURED * QUESTIONS);
  return {
    name: "statistics of each feature, by one thread",
    size: `${MEASURED} of ${FEATURES} features, dense`,
    times: LAYERS * FEATURES / MEASURED,
    run: () => {
      const result = roomForSelectivity(GROUPS, MEASURED);
      for (let feature = 0; feature < MEASURED; feature++) {
        const column = columns.subarray(feature * QUESTIONS, (feature + 1) * QUESTIONS);
        meter.measure(column, result, { feature, featureCount: MEASURED });
      }
    },
  };
}

/** Numbers around zero. */
function randomFloats(length: number): Float32Array<ArrayBuffer> {
  const random = new SeededRandom(1);
  return Float32Array.from({ length }, () => random.next() / 2 ** 32 - 0.5);
}

/** Bytes for a reader. */
function mebi(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
