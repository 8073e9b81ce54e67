/**
 * What the host does beside the products of matrices, each piece by itself, and the pictures with threads and without. It
 * needs no GPU and no job: all numbers are random, of the sizes of the full job; where there is a hardware GPU, the
 * choice of the tile is measured, too.
 *
 * @module
 */
import process from "node:process";
import { openDevice } from "../lib/compute/device.ts";
import { findAdapter } from "../lib/compute/find_adapter.ts";
import { isSoftwareAdapter } from "../lib/compute/gpu.ts";
import { DrawingThreads } from "../lib/pictures/drawing_threads.ts";
import { writePicturesOf } from "../lib/pictures/layer_pictures.ts";
import { fastestTile } from "../lib/sae/encode/choose_tile.ts";
import { type HostWork, hostWork, LAYERS } from "./host_work.ts";
import { randomResult } from "./pictures.ts";
import { median } from "./products.ts";
import type { Table } from "./table.ts";

/** Layers whose pictures are drawn, with threads beside this one and without. */
const DRAWN = [0, 1, 2];

/** How the host's work is measured. */
export interface HostOptions {
  /** How often each piece is done; medians count. */
  readonly runs: number;
  /** A directory to write to. */
  readonly scratch: string;
  /** A directory with an SAE for layer 1. */
  readonly saes: string;
  /** Told what is going on. */
  readonly log: (line: string) => void;
}

/** Measures each piece of work. */
export async function measureHost(options: HostOptions): Promise<Table> {
  const { runs, scratch, saes, log } = options;
  const measured: MeasuredWork[] = [];
  const all = [...await hostWork(scratch, saes), ...await gpuWork(), ...pictureWork(scratch)];
  for (const work of all) {
    await work.run(); // fills caches
    const times: number[] = [];
    const cpuTimes: number[] = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      const before = process.cpuUsage();
      await work.run();
      const { user, system } = process.cpuUsage(before);
      times.push((performance.now() - start) / 1000);
      cpuTimes.push((user + system) / 1e6);
    }
    const seconds = median(times);
    log(`${work.name}: ${milliseconds(seconds)}`);
    measured.push({ ...work, seconds, cpuSeconds: median(cpuTimes) });
  }
  return hostTable(measured, navigator.hardwareConcurrency);
}

/** Where there is a hardware GPU, the choice of the tile. */
async function gpuWork(): Promise<HostWork[]> {
  const adapter = await findAdapter();
  if (adapter === null || isSoftwareAdapter(adapter)) return [];
  return [{
    name: "choosing the tile, once",
    size: "all tiles that fit",
    times: 1,
    run: async () => {
      using device = await openDevice("gpu");
      await fastestTile(device.gpu!);
    },
  }];
}

/** Pictures, by this thread alone and with others; starting these counts. */
function pictureWork(scratch: string): HostWork[] {
  const results = DRAWN.map(randomResult);
  const sizes = new Set([0, 1, Math.max(1, navigator.hardwareConcurrency - 1)]);
  return [...sizes].map((size) => ({
    name: size === 0
      ? "pictures, by this thread"
      : `pictures, by ${size} more thread${size === 1 ? "" : "s"}`,
    size: `${DRAWN.length} layers`,
    times: LAYERS / DRAWN.length,
    run: async () => {
      using drawing = new DrawingThreads({ layerCount: DRAWN.length, pictures: {}, size });
      const draw = (result: typeof results[number]) =>
        writePicturesOf(scratch, result, { options: {}, drawing });
      await Promise.all(results.map(draw));
    },
  }));
}

/** A piece of work and how long it took. */
export interface MeasuredWork extends Omit<HostWork, "run"> {
  /** The median, in seconds. */
  readonly seconds: number;
  /** The median of the processor time of all threads, in seconds. */
  readonly cpuSeconds: number;
}

/** What was measured, and what it comes to in the full job if one thread does all of it. */
export function hostTable(measured: readonly MeasuredWork[], cores: number): Table {
  return {
    title: "What the host does",
    columns: ["work", "on", "median", "processor", "rate", `the job of ${LAYERS} layers`],
    rows: measured.map(({ name, size, bytes, times, seconds, cpuSeconds }) => [
      name,
      size,
      milliseconds(seconds),
      milliseconds(cpuSeconds),
      bytes === undefined ? "–" : `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
      times === 0 ? "–" : `${(times * seconds).toFixed(2)} s`,
    ]),
    notes: [
      `${cores} cores. By one thread, but for the pictures. Processor: the time of all threads, which other ` +
      "programs change less than the clock's. The last column is what the full job comes to if " +
      "one thread did all of it, one piece after the other; encoder and decoder count in hash, checksum and " +
      "finite. Work of several rows is done at one time where there are cores: the part timeline shows when.",
    ],
  };
}

function milliseconds(seconds: number): string {
  const shown = 1000 * seconds;
  return `${shown.toFixed(shown < 10 ? 2 : 0)} ms`;
}
