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
  loadDecoder,
  type LoadedDecoder,
  type LoadedSae,
  loadSae,
} from "../sae/formats/load_checkpoint.ts";
import { greatestWeight } from "../sae/magnitudes.ts";
import type { CheckAnswer, CheckTask } from "../sae/encode/apart.ts";
import { squaredError } from "../sae/reconstruction.ts";

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

/** What is asked for. */
export type ReadingRequest = HashRequest | CheckpointRequest | CheckRequest;

/** What comes of it, in the same order. */
export type ReadingAnswer = HashAnswer | CheckpointAnswer | CheckAnswer;

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
  { checkpoint: path, wantsEncoder, decoder }: CheckpointRequest,
): Promise<CheckpointAnswer> {
  const { sae, ...encoder } = await timed("read", () => loadSae(path));
  const isWhole = sae.rows.release === undefined;
  const answer = {
    encoder: { ...encoder, bias: sae.bias },
    ...(wantsEncoder && isWhole && { weight: await sae.rows.read(0, sae.featureCount) }),
    ...(wantsEncoder && { greatest: await timed("check", () => greatestWeight(sae)) }),
  };
  if (decoder === false) return answer;
  const { decoder: found, ...identity } = await timed("read", () => loadDecoder(path));
  const error = found === undefined || decoder === true
    ? undefined
    : await timed("check", () => squaredError(decoder, { sae, decoder: found }));
  return { ...answer, decoder: { ...identity, error } };
}
