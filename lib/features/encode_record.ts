/**
 * What `encode.json` says of the files beside it.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import type { Activation } from "../sae/activation.ts";
import type { Pursuit } from "../sae/pursuit.ts";

/** `encode.json`: what features are of, and what they were made of. */
export interface EncodeRecord {
  /** The format of the SAE: `Gemma Scope`. */
  format: string;
  /** What its owner calls its way to encode: `jumprelu`. */
  architecture: string;
  /** Where in a model it reads: `pre 6`, or in its owner's words; null if its files do not say. */
  site: string | null;
  /** The width of the states. */
  d: number;
  /** How many features there are. */
  m: number;
  /** How many features of a state are kept, of a top-k SAE. */
  k: number | null;
  /** What an activation has to be above, one number or the least and the greatest of many. */
  threshold: number | { least: number; greatest: number } | null;
  /** How many states were encoded. */
  n: number;
  /** The SAE. */
  sae: { path: string; sha256: Record<string, string> };
  /** The states. */
  states: {
    path: string;
    key: string;
    dtype: string;
    shape: number[];
    /** Whether the mean of each state was subtracted from it. */
    centred: boolean;
    sha256: string;
  };
  /** What was written. */
  files: Record<string, { shape: number[]; nonzero?: number; sha256: string }>;
  /** What a user should know of the SAE. */
  notes: string[];
  /** What it was computed on. */
  backend: { requested: string; device: string; name: string; encoder: string };
  /** The versions of what the numbers depend on. */
  versions: Record<string, string>;
}

/** What is read of an `encode.json` again: which files are its. */
export const encodeRecordSchema: Schema<Pick<EncodeRecord, "files">> = z.object({
  files: z.record(z.string(), z.object({ shape: z.array(z.int()), sha256: z.string() })),
});

/**
 * k of a top-k SAE, as its owner counts it: of groupmax, how many features are kept of all runs
 * together. The threshold of another; of a gate, which decides by other numbers than the activation,
 * and of matching pursuit neither.
 */
export function cutsOf(
  activation: Activation,
  pursuit?: Pursuit,
): Pick<EncodeRecord, "k" | "threshold"> {
  const { threshold } = activation;
  if (pursuit !== undefined || isGated(activation)) return { k: null, threshold: null };
  if (typeof threshold === "number") return { k: null, threshold };
  if (threshold === undefined) return { k: null, threshold: isRectified(activation) ? 0 : null };
  if (!(threshold instanceof Float32Array)) {
    return { k: threshold.k * (threshold.groups ?? 1), threshold: null };
  }
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of threshold) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return { k: null, threshold: least === greatest ? least : { least, greatest } };
}

/** Whether p decides on one scale which features are active, and counts on another. */
export function isGated({ threshold, scale, offset }: Activation): boolean {
  return threshold instanceof Float32Array && scale !== undefined && offset !== undefined;
}

/** Whether it is max(0, p) times a length, without another threshold. */
function isRectified({ floor, offset }: Activation): boolean {
  return floor === 0 && offset === undefined;
}
