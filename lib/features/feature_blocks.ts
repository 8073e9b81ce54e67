/**
 * The features of stored states, a few states at a time.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { LastingDevice } from "../compute/lasting_device.ts";
import { rowsInMemory } from "../files/rows.ts";
import { createEncoder, encodeChecked } from "../sae/encode/create_encoder.ts";
import type { Encoder } from "../sae/encode/encoder.ts";
import type { Sae } from "../sae/sae.ts";
import { refineRows } from "./exact_rows.ts";
import type { StatesFile } from "./states_file.ts";

/** States, wherever they are. */
export type StateSource = Pick<StatesFile, "path" | "count" | "width" | "read">;

/** How many features are in memory at a time, of all states together: 256 MiB. */
const FEATURES_AT_ONCE = 2 ** 26;
/** How many states are encoded together on every device; pieces are multiples of it where they can. */
const TILE = 256;

/** Neighbouring states and their features. */
export interface FeatureBlock {
  /** How many states. */
  readonly count: number;
  /** The states, `[count, width]`. */
  readonly states: Float32Array<ArrayBuffer>;
  /** Their features, `[count, featureCount]`. */
  readonly features: Float32Array<ArrayBuffer>;
}

/** How many states are encoded at a time. */
function statesAtOnce({ featureCount, width }: Pick<Sae, "featureCount" | "width">): number {
  const most = Math.max(1, Math.floor(FEATURES_AT_ONCE / Math.max(featureCount, width)));
  return most < TILE ? most : most - most % TILE;
}

/**
 * Encodes states, block by block.
 *
 * @param device Where; it stays the caller's.
 * @param observer Told how far it is.
 * @throws {InputError} If a state is not finite, or the device fails or computes wrongly.
 */
export async function* featureBlocks(
  sae: Sae,
  states: StateSource,
  { device, observer }: { device: ComputeDevice; observer: Observer },
): AsyncGenerator<FeatureBlock> {
  using lasting = new LastingDevice(device, observer);
  await using opened = new AsyncDisposableStack();
  const encoders = new Map<ComputeDevice, Encoder>();
  const onNote = (message: string) => observer.note(message);
  const step = statesAtOnce(sae);
  let coarse = 0;
  for (let first = 0; first < states.count; first += step) {
    const count = Math.min(step, states.count - first);
    const block = await states.read(first, count);
    const { keptActivations } = await lasting.run(({ device, pieceSize }) => {
      const create = () => opened.use(createEncoder(device, { pieceSize, onNote }));
      return encodeChecked(encoders.getOrInsertComputed(device, create), {
        hidden: rowsInMemory(block, states.width),
        groupSizes: [count],
        areAll: count === states.count,
        sae,
        threshold: 0,
        kept: { first: 0, count: sae.featureCount },
      }, { what: states.path, device: device.name });
    });
    coarse += await refineRows(sae, block, keptActivations);
    yield { count, states: block, features: keptActivations };
    observer.progress(first + count);
  }
  if (coarse === 0) return;
  observer.note(
    `${coarse} states are long and have small features only, so that float32 gives fewer than six ` +
      "digits of these",
  );
}
