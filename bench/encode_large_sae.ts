/**
 * Encodes with an SAE that is larger than one would hold in memory; its weights are made when they are
 * read, some features at a time:
 *
 *     deno run … bench/encode_large_sae.ts DEVICE STATES FEATURES WIDTH [K]
 *
 * K features are left of each state; without it, or with 0, all that are above 0 are. It prints the
 * seconds that encoding took, checks included.
 *
 * @module
 */
import { type DeviceRequest, openDevice, prepareDevice } from "../lib/compute/device.ts";
import { rowsInMemory } from "../lib/files/rows.ts";
import { RELU } from "../lib/sae/activation.ts";
import { createEncoder, encodeChecked } from "../lib/sae/encode/create_encoder.ts";
import { trialNumbers } from "../lib/sae/encode/kernel_problem.ts";
import { type FeatureRows, freeNumbers } from "../lib/sae/feature_rows.ts";

/**
 * After so many numbers the weights repeat, so that rows are made by copying. It is a prime, and more than
 * there are features where top-k chooses: none of them has the row of another.
 */
const PERIOD = 131_101;

/** Rows of numbers that are the same whenever they are read. */
export function madeRows(width: number): FeatureRows {
  const pattern = Float32Array.from(
    { length: 2 * PERIOD },
    (_, i) => (i * 7919) % PERIOD / PERIOD - 0.5,
  );
  return {
    width,
    read(first, count) {
      const rows = new Float32Array(count * width);
      const phase = first * width % PERIOD;
      rows.set(pattern.subarray(phase, phase + Math.min(PERIOD, rows.length)));
      for (let known = PERIOD; known < rows.length; known *= 2) {
        rows.copyWithin(known, 0, Math.min(known, rows.length - known));
      }
      return Promise.resolve(rows);
    },
    release: freeNumbers,
    isEvenlyRead: true,
  };
}

if (import.meta.main) {
  const [device, ...sizes] = Deno.args;
  const [states, featureCount, width, k = 0] = sizes.map(Number) as [number, number, number];
  prepareDevice(device as DeviceRequest);
  using opened = await openDevice(device as DeviceRequest);
  await using encoder = createEncoder(opened, { onNote: console.error });
  const sae = {
    width,
    featureCount,
    rows: madeRows(width),
    bias: new Float32Array(featureCount),
    input: [],
    activation: k > 0 ? { threshold: { k, by: "value" as const }, floor: 0 } : RELU,
    targets: [],
  };
  const hidden = rowsInMemory(trialNumbers(states * width), width);
  const start = performance.now();
  const input = { hidden, groupSizes: [states], areAll: true, sae, threshold: 0.1 };
  await encodeChecked(encoder, input, { what: "the SAE", device: opened.name });
  console.log(((performance.now() - start) / 1000).toFixed(2));
}
