/**
 * The kernel of a pass of top-k's radix select, written for a size of tile. It computes p exactly as
 * the kernel that encodes does, by the same lines.
 *
 * @module
 */
import { type ScalarType, UniformStruct } from "../../compute/uniform_struct.ts";
import sharedParts from "../../wgsl/select_top_k.wgsl" with { type: "text" };
import type { TopK } from "../top_k.ts";
import { cellsOf, type EncodeTile, lines, product, ROWS, workgroupMemory } from "./tile_product.ts";

/** A parameter of the kernel. */
export type SelectField =
  | "depth"
  | "question_stride"
  | "feature_stride"
  | "first_feature"
  | "features"
  | "word"
  | "known_bits"
  | "shift"
  | "bins";

const SELECT_FIELDS: Record<SelectField, ScalarType> = {
  depth: "u32", // d_model, padded
  question_stride: "u32", // padded questions / 4
  feature_stride: "u32", // padded features / 4
  first_feature: "u32", // the number of the first feature here among all
  features: "u32", // how many there are, without padding
  word: "u32", // which word of the keys is looked at
  known_bits: "u32", // which of its bits are known
  shift: "u32", // where the bits begin that are counted by
  bins: "u32", // how many values they have
};

/** The kernel's parameters, as the shader declares and the host sends them. */
export const SELECT_PROBLEM: UniformStruct<SelectField> = new UniformStruct(
  "Problem",
  SELECT_FIELDS,
);

/** A pass: which bits of the keys it counts by. */
export interface SelectPass {
  /** 0: p. 1: the feature's number. */
  readonly word: 0 | 1;
  /** Where the bits begin. */
  readonly shift: number;
  /** How many there are. */
  readonly bits: number;
}

/** The passes, in order: those by number are needed only where features tie at the threshold. */
export const SELECT_PASSES: readonly SelectPass[] = ([0, 1] as const).flatMap((word) => [
  { word, shift: 21, bits: 11 },
  { word, shift: 10, bits: 11 },
  { word, shift: 0, bits: 10 },
]);

/** The most bins of a pass. */
export const MOST_BINS: number = 2 ** 11;

/** The whole shader for a tile; its entry point is `select_top_k`. */
export function selectShader(tile: EncodeTile, by: TopK["by"]): string {
  const size = (p: string) => by === "magnitude" ? `abs(${p})` : p;
  return `${SELECT_PROBLEM.declaration}

${sharedParts}
${workgroupMemory(tile)}
@compute @workgroup_size(${tile.columns * ROWS})
fn select_top_k(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  ${product(tile)}
  ${
    lines(
      cellsOf(tile).map(([q, f]) =>
        `count_features(first_question + row${q}, feature${f}, row${q} < size, ` +
        `${size(`z${q}_${f}`)});`
      ),
    )
  }
}
`;
}
