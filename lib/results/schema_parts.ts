/**
 * What the schemas of the JSON files are made of: bounds that coact's own files stay below.
 *
 * @module
 */
import { z } from "zod";
import type { Zod } from "../files/schema_shape.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import { isLayerName, type LayerName } from "./layer_name.ts";

/**
 * A schema of texts.
 *
 * @internal
 */
type ZodText = z.ZodString;

/** The longest texts, in UTF-16 units: what coact writes stays below, what others write is refused. */
export const LONGEST = {
  key: 200,
  label: 1000,
  words: 1000,
  path: 40_000,
  option: 200_000,
} as const;

/** A text that is printed or drawn: none is so long that this would take its time. */
export function text(longest: number = LONGEST.words): ZodText {
  return z.string().max(longest, `the text is longer than ${longest} characters`);
}

/** What coact writes stays far below these bounds; beyond them, a file was edited. */
export const MAX: Readonly<Record<"layer" | "count" | "names" | "top" | "seconds", number>> = {
  /** A layer has three digits in file names. */
  layer: 999,
  /** A count or a position in an array of int32. */
  count: 2 ** 31 - 1,
  /** How many versions, inputs, options or phases are named. */
  names: 1000,
  /** How many features a list of the strongest has. */
  top: 100,
  /** Over thirty years. */
  seconds: 1e9,
};

/** A position in an array, or a count that may be 0. */
export const index: Zod<number> = z.int().nonnegative().max(MAX.count);
/** A count of at least 1. */
export const count: Zod<number> = z.int().positive().max(MAX.count);
/** A number of bytes. */
export const byteCount: Zod<number> = z.int().nonnegative();
/** A layer's name. */
export const layer: Zod<LayerName> = z.union([
  z.int().nonnegative().max(MAX.layer),
  z.string().refine(isLayerName, "no files of a layer are called so"),
], {
  error: ({ input }) =>
    input === undefined
      ? "expected a layer, received undefined"
      : "expected the number of a layer, or what its files' names begin with",
});
/** Layers, each once. */
export const layers: Zod<LayerName[]> = z.array(layer).max(MAX.layer + 1)
  .refine(areDistinct, "a layer is there twice");
/** A value of each slot. */
export const slots: Zod<number[]> = z.array(z.number()).max(MAX_RELATIONS);
/** A share. */
export const fraction: Zod<number> = z.number().min(0).max(1);
/** A hash. */
export const sha256: Zod<string> = z.string().regex(/^[0-9a-f]{64}$/);

/** An object of named values, as many as coact may write. */
export function named<T>(
  value: Zod<T>,
  { longest = LONGEST.words, most = MAX.names }: { longest?: number; most?: number } = {},
): Zod<Record<string, T>> {
  return z.record(text(longest), value)
    .refine((all) => Object.keys(all).length <= most, `over ${most} names`);
}

/** Whether no value is there twice. */
export function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
