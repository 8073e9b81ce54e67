/**
 * Divides the work of an encoding among several that encode at the same time: each takes some
 * neighbouring features, and the next ones when it is done with them.
 *
 * @module
 */
import { type Rows, rowsInMemory } from "../../files/rows.ts";
import { FEATURE_STEP } from "../feature_ranges.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { shared } from "./encode_chunks.ts";
import { columnPart } from "./columns.ts";
import type { EncodeTask } from "./encode_task.ts";
import type { Encoded } from "./encoder.ts";
import { putKept } from "./kept_features.ts";
import { tileQuestions } from "./question_tiles.ts";
import { addReductions } from "./merge_reductions.ts";
import { emptyReductions } from "./reductions.ts";
import { sliceSae } from "./slice_sae.ts";

/** How work is divided. */
export interface PartSizes {
  /** How many questions a backend adds up in float32: there are cuts between so many only. */
  readonly tileQuestions: number;
  /** How many features a part has, at most: a multiple of {@linkcode FEATURE_STEP}. */
  readonly most: number;
  /** How many features a part has, at least, but for the last one: likewise. */
  readonly least: number;
  /** How many bytes of hidden states are in memory at a time. Default: 32 MiB. */
  readonly stateBytes?: number | undefined;
  /** Memory for hidden states that threads share, if there is room for all of them. Default: new one. */
  readonly room?: Float32Array<ArrayBuffer> | undefined;
}

const STATE_BYTES = 32 * 2 ** 20;
/** Towards the end parts become smaller, so that nobody waits long: such a share of what is left. */
const LAST_SHARE = 8;

/** A part of a task. */
interface Part {
  readonly task: EncodeTask;
  readonly range: FeatureRange;
  readonly firstQuestion: number;
}

/** Encodes a part. */
export type PartEncoder = (task: EncodeTask) => Promise<Encoded>;

/**
 * Encodes a task without top-k. Whoever takes which part, and when, changes no byte of what comes of it.
 *
 * @param takers Each encodes a part at a time. Parts of the same questions have the same `hidden`.
 * @throws {unknown} What a taker throws; the others end the parts that they are at.
 */
export async function encodeParts(
  task: EncodeTask,
  takers: readonly PartEncoder[],
  sizes: PartSizes,
): Promise<Encoded> {
  const { hidden, sae, kept, also } = task;
  const reductions = emptyReductions(task, sae.featureCount, also);
  const keptActivations = new Float32Array(hidden.count * kept.count);
  const parts = partsOf(task, sizes);
  const take = async (encode: PartEncoder) => {
    // Whoever fails ends the loop, which ends the parts, and thus the loops of the others.
    for (const { task: part, range, firstQuestion } of parts) {
      const encoded = await encode(part);
      addReductions(reductions, encoded.reductions, { firstFeature: range.first, firstQuestion });
      const place = { firstQuestion, part: shared(range, kept), kept };
      putKept(keptActivations, encoded.keptActivations, place);
    }
  };
  const taken = await Promise.allSettled(takers.map(take));
  const failed = taken.find(({ status }) => status === "rejected");
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  return { reductions, keptActivations, cutoffs: undefined };
}

function* partsOf(task: EncodeTask, sizes: PartSizes): Generator<Part> {
  const { sae, kept, into } = task;
  for (const block of blocksOf(task, sizes)) {
    for (const range of rangesOf(sae.featureCount, sizes)) {
      const { first, count } = shared(range, kept);
      yield {
        task: {
          ...task,
          ...block.questions,
          sae: sliceSae(sae, range),
          kept: { first: first - range.first, count },
          into: into && columnPart(into, { feature: range.first, question: block.first }),
        },
        range,
        firstQuestion: block.first,
      };
    }
  }
}

/** Questions whose hidden states are in memory together. */
interface Block {
  readonly first: number;
  readonly questions: Pick<EncodeTask, "hidden" | "groupSizes" | "segments">;
}

/** Each tile is a group of its own, so that the same numbers are added up in float32. */
function* blocksOf(
  task: EncodeTask,
  { tileQuestions: tileSize, stateBytes = STATE_BYTES, room }: PartSizes,
): Generator<Block> {
  const tiles = tileQuestions(task, tileSize);
  const atOnce = Math.max(1, Math.floor(stateBytes / (4 * task.hidden.width * tileSize)));
  for (let i = 0; i < tiles.length; i += atOnce) {
    const own = tiles.slice(i, i + atOnce);
    const { first } = own[0]!;
    const groupSizes = own.map(({ count }) => count);
    const count = groupSizes.reduce((sum, size) => sum + size, 0);
    const segments = own.map(({ segment }) => segment);
    const hidden = rowsOf(task.hidden, { first, count, room });
    yield { first, questions: { hidden, groupSizes, segments } };
  }
}

/** Some rows in memory, where every reading of them is the same copy. */
function rowsOf(
  { width, read, shared }: Rows,
  { first, count, room }: { first: number; count: number; room: PartSizes["room"] },
): Rows {
  const some = shared?.subarray(first * width, (first + count) * width);
  // Of a part there is another one while the one before is still at work.
  const isAll = some !== undefined && some.length === shared!.length;
  if (!isAll || room?.length !== some.length) {
    return { ...rowsInMemory(read(first, count), width), shared: some };
  }
  room.set(some);
  return { ...rowsInMemory(room, width), shared: some };
}

/** The features, in ranges that become smaller. */
function* rangesOf(featureCount: number, { most, least }: PartSizes): Generator<FeatureRange> {
  for (let first = 0; first < featureCount;) {
    const left = featureCount - first;
    const share = FEATURE_STEP * Math.ceil(left / LAST_SHARE / FEATURE_STEP);
    const count = Math.min(left, most, Math.max(least, share));
    yield { first, count };
    first += count;
  }
}
