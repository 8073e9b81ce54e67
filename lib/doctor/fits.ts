/**
 * How an SAE fits states: all of them go through it together, so that its weights are read once.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { LastingDevice, type WorkPlace } from "../compute/lasting_device.ts";
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { DecodedRows } from "../sae/decoded_rows.ts";
import type { DecodeWork } from "../sae/decode_task.ts";
import { type Fit, FitMeter } from "./fit_meter.ts";
import { createEncoder, encodeAhead, type EncodingChecker } from "../sae/encode/create_encoder.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";

/** How many bytes of activations are in memory at a time. */
const COLUMN_BYTES = 16 * 2 ** 20;

/** Who checks, and decodes so many bytes of activations, while more are encoded. */
export interface FitThreads extends EncodingChecker {
  /** Who decodes. */
  decodeWork(bytes: number): DecodeWork;
}

/** What is measured, with what. */
export interface FitSubject {
  /** The encoder. */
  readonly sae: Sae;
  /** The decoder, if there is one. */
  readonly decoder: SaeDecoder | undefined;
  /** Where to compute; it stays the caller's. */
  readonly device: ComputeDevice;
  /** Told how far it is. */
  readonly observer: Observer;
  /** Who checks and decodes what is encoded. Default: the thread that asks. */
  readonly threads?: FitThreads | undefined;
}

/** States that an SAE is tried on. */
export interface FitStates {
  /** The states that it reads. */
  readonly states: Rows;
  /** Those that it is to give. Default: what it decodes is not compared with anything. */
  readonly targets: Rows | undefined;
  /** To which half of the states one belongs. */
  readonly halfOf: (row: number) => 0 | 1;
}

/**
 * Measures an SAE on several sets of states.
 *
 * @returns How it fits each.
 * @throws {InputError} If a state is not finite, or the device fails or computes wrongly.
 */
export async function measureFits(
  sets: readonly FitStates[],
  { device, observer, ...weights }: FitSubject,
): Promise<Fit[]> {
  const all = together(sets.map(({ states }) => states), weights.sae.width);
  using lasting = new LastingDevice(device, observer);
  // Where the device is lost, all of it begins anew.
  return await lasting.run((place) => measureOn(place, { sets, all, ...weights, observer }));
}

async function measureOn(
  { device, pieceSize }: WorkPlace,
  { sets, all, sae, decoder, observer, threads }: Omit<FitSubject, "device"> & {
    sets: readonly FitStates[];
    all: Rows;
  },
): Promise<Fit[]> {
  // What nobody compares is not decoded.
  const isDecoded = decoder !== undefined && sets.some(({ targets }) => targets !== undefined);
  const decoding = isDecoded ? { sae, decoder } : undefined;
  const counts = sets.map(({ states: { count } }) => count);
  const work = threads?.decodeWork(4 * sae.featureCount * all.count);
  const rows = new DecodedRows({ sets: counts, decoding, work });
  await using encoder = createEncoder(device, { pieceSize, onNote: (note) => observer.note(note) });
  const { check } = await encodeAhead(
    encoder,
    {
      hidden: all,
      groupSizes: [all.count],
      sae,
      threshold: 0,
      kept: [],
      columns: (columns) => rows.add(columns),
      columnBytes: COLUMN_BYTES,
    },
    { what: "the hidden states", device: device.name },
    threads,
  );
  const active = await rows.counts();
  const decoded = decoding && await rows.finish(all);
  await check;
  let first = 0;
  return sets.map(({ states, targets, halfOf }, set) => {
    const width = targets?.width ?? sae.width;
    const meter = new FitMeter(width);
    meter.addFeatures(active[set]!);
    for (let row = 0; row < states.count; row++) {
      const at = first + row;
      const own = targets && decoded?.subarray(at * decoder!.width, (at + 1) * decoder!.width);
      meter.addState((targets ?? states).read(row, 1), own, halfOf(row));
    }
    first += states.count;
    return meter.fit;
  });
}

/** The rows of all, one set after the other. */
function together(sets: readonly Rows[], width: number): Rows {
  const values = new Float32Array(sets.reduce((sum, { count }) => sum + count, 0) * width);
  let at = 0;
  for (const rows of sets) {
    values.set(rows.read(0, rows.count), at);
    at += rows.count * width;
  }
  return rowsInMemory(values, width);
}
