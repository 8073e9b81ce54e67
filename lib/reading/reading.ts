/**
 * What is read of the inputs of an analysis: hashed, checked and tried out, by a thread beside the one
 * that computes or by that one itself.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { FileSource } from "../files/byte_source.ts";
import { hashSource } from "../files/hash_file.ts";
import { type FileLook, lookOf } from "../files/steady_file.ts";
import {
  type LoadedDecoder,
  type LoadedSae,
  loadEncoder,
  passDecoder,
} from "../sae/formats/load_checkpoint.ts";
import { greatestWeight } from "../sae/magnitudes.ts";
import type { CheckAnswer, CheckTask } from "../sae/encode/apart.ts";
import type { DecodedPart, DecodeTask, FinishTask } from "../sae/decode_task.ts";
import type { PooledPart, PoolTask } from "../sae/encode/pool_task.ts";
import type { SaeAnswer, SaeRequest } from "./reading_sae.ts";
import { activationsOf } from "../sae/encode_row.ts";
import { squaredError, squaredErrorOf } from "../sae/reconstruction.ts";

/** A file to be hashed. */
export interface HashRequest {
  /** The path of it. */
  readonly hash: string;
}

/** What a file hashes to. */
export interface HashAnswer {
  /** The SHA-256, in hexadecimal. */
  readonly sha256: string;
  /** Which file that was. */
  readonly look: FileLook;
}

/** A checkpoint of AlignSAE's to be read. */
export interface CheckpointRequest {
  /** The path of it. */
  readonly checkpoint: string;
  /** Whether the encoder is wanted, rather than what it hashes to. */
  readonly wantsEncoder: boolean;
  /**
   * Whether the decoder is wanted, or what it hashes to at least; with hidden states, also how far
   * they are from what the SAE makes of them.
   */
  readonly decoder: boolean | readonly Float64Array[];
  /** Memory for the encoder, of one that is not needed any more. Default: new memory. */
  readonly room?: Float32Array<ArrayBuffer> | undefined;
}

/** What was read of a checkpoint. */
export interface CheckpointAnswer {
  /** Its encoder but for the rows. */
  readonly encoder: Omit<LoadedSae, "sae"> & { readonly bias: Float32Array<ArrayBuffer> };
  /** The rows, if they were wanted and all of them stay in memory. */
  readonly weight?: Float32Array<ArrayBuffer> | undefined;
  /** The greatest magnitude in them. */
  readonly greatest?: number | undefined;
  /** What its decoder hashes to, if that was wanted. */
  readonly decoder?: FittedDecoder | undefined;
}

/** What was found out about a decoder. */
export type FittedDecoder = Omit<LoadedDecoder, "decoder"> & {
  /** The mean squared distance of the hidden states from what it gives; undefined without one. */
  readonly error: number | undefined;
};

/** An encoding to be checked. */
export interface CheckRequest {
  /** What was encoded, and what came of it. */
  readonly check: CheckTask;
}

/** Features to be counted and decoded, or what was decoded to be finished. */
export type DecodeRequest =
  | {
    /** The features. */
    readonly decode: DecodeTask;
  }
  | {
    /** What was decoded. */
    readonly finish: FinishTask;
  };

/** What comes of it: of a task to be finished, what is decoded. */
export type DecodeAnswer = DecodedPart | Float64Array<ArrayBuffer>;

/** Features of some questions to be pooled. */
export interface PoolRequest {
  /** What of them. */
  readonly pool: PoolTask;
}

/** What is asked for. */
export type ReadingRequest =
  | PoolRequest
  | HashRequest
  | CheckpointRequest
  | SaeRequest
  | CheckRequest
  | DecodeRequest;

/** What comes of it, in the same order. */
export type ReadingAnswer =
  | PooledPart
  | HashAnswer
  | CheckpointAnswer
  | SaeAnswer
  | CheckAnswer
  | DecodeAnswer;

/** Hashes a file. */
export async function hashPath(path: string): Promise<HashAnswer> {
  using source = await FileSource.open(path);
  return { sha256: await hashSource(source), look: lookOf(source.info) };
}

/**
 * Reads a checkpoint.
 *
 * @throws {InputError} If it is damaged, or a weight is not finite.
 */
export async function readCheckpoint(
  { checkpoint: path, wantsEncoder, decoder, room }: CheckpointRequest,
): Promise<CheckpointAnswer> {
  const states = typeof decoder === "boolean" ? [] : decoder;
  // What is only hashed, or multiplied with as it passes, is not kept.
  const unkept = wantsEncoder ? {} : { wholeBytes: 0 };
  const { sae, products, ...encoder } = await timed(
    "read",
    () => loadEncoder(path, { room, vectors: states, ...unkept }),
  );
  const isWhole = sae.rows.release === undefined;
  const answer = {
    encoder: { ...encoder, bias: sae.bias },
    ...(wantsEncoder && isWhole && { weight: await sae.rows.read(0, sae.featureCount) }),
    ...(wantsEncoder && { greatest: await timed("check", () => greatestWeight(sae)) }),
  };
  if (decoder === false) return answer;
  const vectors = products?.map((each) => activationsOf(sae, each));
  const { decoder: found, products: decoded, ...identity } = await timed(
    "read",
    () => passDecoder(path, { wholeBytes: 0, vectors }),
  );
  const error = found === undefined || states.length === 0
    ? undefined
    : decoded === undefined || vectors === undefined
    ? await timed("check", () => squaredError(states, { sae, decoder: found }))
    : squaredErrorOf(states, { sae, decoder: found }, decoded);
  return { ...answer, decoder: { ...identity, error } };
}
