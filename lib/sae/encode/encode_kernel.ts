/**
 * The kernel that encodes and reduces, written for a size of tile: the product of `tile_product.ts`,
 * then what the activation makes of it, then the reductions.
 *
 * Whatever the tile, every sum is added up in the same order: that of an activation along the
 * depth, that of a feature over the 8 questions of an invocation and then over the 16 rows of
 * invocations. The choice of a tile thus changes the speed and not the result, unless a compiler
 * fuses or reorders what it was told not to.
 *
 * @module
 */
import { type ScalarType, UniformStruct } from "../../compute/uniform_struct.ts";
import sharedParts from "../../wgsl/encode_reduce.wgsl" with { type: "text" };
import { type ActivationForm, featureParametersOf, isTopK } from "../activation.ts";
import { type Reduction, reductionsOf } from "./reductions.ts";
import {
  cellsOf,
  type EncodeTile,
  lines,
  product,
  QUESTION_VECTORS,
  range,
  ROWS,
  TILE_QUESTIONS,
  tileFeatures,
  workgroupMemory,
} from "./tile_product.ts";

/** A parameter of the kernel. */
export type ProblemField =
  | "depth"
  | "question_stride"
  | "feature_stride"
  | "first_feature"
  | "first_kept"
  | "end_kept"
  | "kept_question_stride"
  | "kept_feature_stride"
  | "activation_threshold"
  | "activation_floor"
  | "count_above";

const PROBLEM_FIELDS: Record<ProblemField, ScalarType> = {
  depth: "u32", // d_model, padded
  question_stride: "u32", // padded questions / 4
  feature_stride: "u32", // padded features / 4
  first_feature: "u32", // the number of the first feature here among all
  first_kept: "u32", // from here on, features are kept for each question, too
  end_kept: "u32", // up to here, this one not
  kept_question_stride: "u32", // how far apart neighbouring questions of what is kept are
  kept_feature_stride: "u32", // and features: one of both is 1
  activation_threshold: "f32", // one for all features, where the activation has one
  activation_floor: "f32", // where the activation has one
  count_above: "f32", // activations above it are counted
};

/** The kernel's parameters, as the shader declares and the host sends them. */
export const PROBLEM: UniformStruct<ProblemField> = new UniformStruct(
  "Problem",
  PROBLEM_FIELDS,
);

/**
 * The whole shader for a tile and a form of activation; its entry point is `encode_reduce`.
 *
 * @param reductions What it gives, in this order. Default: what is always kept.
 */
export function encodeShader(
  tile: EncodeTile,
  form: ActivationForm,
  reductions: readonly Reduction[] = reductionsOf(),
): string {
  return `${PROBLEM.declaration}\n\n${sharedParts}\n${entryPoint(tile, form, reductions)}`;
}

function entryPoint(
  tile: EncodeTile,
  form: ActivationForm,
  reductions: readonly Reduction[],
): string {
  const { columns, featureVectors } = tile;
  const cells = cellsOf(tile);
  return `
${workgroupMemory(tile)}
@compute @workgroup_size(${columns * ROWS})
fn encode_reduce(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  ${product(tile)}
  ${lines(featureParametersOf(form).flatMap((name, i) => parameter(name, i + 1, featureVectors)))}
  ${isTopK(form) ? cutoffs(featureVectors) : ""}
  ${lines(cells.flatMap(([q, f]) => activation(form, q, f)))}
  if ((group.x + 1u) * ${tileFeatures(tile)}u > problem.first_kept) {
    let kept_question = tile_sizes[question_stride / ${TILE_QUESTIONS / 4}u + group.y];
    ${
    lines(cells.map(([q, f]) =>
      `keep(kept_question + row${q}, feature${f}, row${q} < size, z${q}_${f});`
    ))
  }
  }
  ${reductions.map((name, position) => reduction(name, position, tile, reductions)).join("\n")}
}
`;
}

/** A parameter of the features of an invocation. */
function parameter(name: string, position: number, featureVectors: number): string[] {
  return range(featureVectors).map((f) =>
    `let ${name}${f} = parameters[${position}u * feature_stride + feature${f}];`
  );
}

/** The cutoffs of an invocation's questions, which follow what is said of tiles, and its features' numbers. */
function cutoffs(featureVectors: number): string {
  const questions = range(4 * QUESTION_VECTORS);
  return lines([
    `let cutoffs_at = 2u * (question_stride / ${TILE_QUESTIONS / 4}u + first_question);`,
    ...questions.map((q) => `let at${q} = cutoffs_at + 2u * row${q};`),
    ...questions.map((q) => `let cutoff${q} = vec4f(bitcast<f32>(tile_sizes[at${q}]));`),
    ...questions.map((q) => `let end${q} = vec4u(tile_sizes[at${q} + 1u]);`),
    ...range(featureVectors).map((f) =>
      `let number${f} = vec4u(problem.first_feature + 4u * feature${f}) + vec4u(0u, 1u, 2u, 3u);`
    ),
  ]);
}

/** Turns p into z, in place. What the form does not have costs nothing. */
function activation(form: ActivationForm, q: number, f: number): string[] {
  const p = `z${q}_${f}`;
  const scaled = form.scale ? `scale${f} * ${p}` : p;
  const shifted = form.offset ? `${scaled} + offset${f}` : scaled;
  const z = form.floor ? `max(${shifted}, vec4f(problem.activation_floor))` : shifted;
  if (form.threshold === "none") return z === p ? [] : [`${p} = ${z};`];
  if (isTopK(form)) {
    const size = form.threshold === "magnitude" ? `abs(${p})` : p;
    const isAt = `((${size} == cutoff${q}) & (number${f} < end${q}))`;
    return [`${p} = select(vec4f(0.0), ${z}, (${size} > cutoff${q}) | ${isAt});`];
  }
  const threshold = form.threshold === "each"
    ? `threshold${f}`
    : "vec4f(problem.activation_threshold)";
  return [`${p} = select(vec4f(0.0), ${z}, ${p} > ${threshold});`];
}

/** How a tile is reduced: what becomes of a z, and of two of these. */
interface TileReduction {
  value: (question: number, feature: number) => string;
  combine: (a: string, b: string) => string;
}

const z = (q: number, f: number) => `row${q} < size, z${q}_${f}`;
const placeOf = (extreme: string): TileReduction => ({
  value: (q, f) => `place(${z(q, f)}, ${extreme}${f}, row${q})`,
  combine: minimum,
});

const TILE_REDUCTIONS: Record<Reduction, TileReduction> = {
  sums: { value: (q, f) => `only(${z(q, f)}, vec4f(0.0))`, combine: add },
  maxima: { value: (q, f) => `only(${z(q, f)}, LOWEST)`, combine: maximum },
  counts: { value: (q, f) => `above(${z(q, f)})`, combine: add },
  squares: { value: (q, f) => `only(${z(q, f)} * z${q}_${f}, vec4f(0.0))`, combine: add },
  minima: { value: (q, f) => `only(${z(q, f)}, HIGHEST)`, combine: minimum },
  maximaAt: placeOf("greatest"),
  minimaAt: placeOf("least"),
};

/** Extremes that all invocations get to know where their places are asked for, too. */
const SHARED: Partial<Record<Reduction, { at: Reduction; name: string; slot: number }>> = {
  maxima: { at: "maximaAt", name: "greatest", slot: 0 },
  minima: { at: "minimaAt", name: "least", slot: 1 },
};

/** Reduces over the questions of an invocation, then over the rows of invocations, in order. */
function reduction(
  name: Reduction,
  position: number,
  tile: EncodeTile,
  all: readonly Reduction[],
): string {
  const { value, combine } = TILE_REDUCTIONS[name];
  const { columns, featureVectors } = tile;
  const features4 = tileFeatures(tile) / 4;
  const own = (f: number) =>
    range(4 * QUESTION_VECTORS).map((q) => value(q, f)).reduce((a, b) => combine(a, b));
  // [16 vectors of features, rows of invocations][vector of features]
  const place = (first: number) => `[${first - first % ROWS}u + row][${first % ROWS}u + column]`;
  const partial = (row: number) =>
    `hidden_tile[(index / ${ROWS}u) * ${ROWS}u + ${row}u][index % ${ROWS}u]`;
  const shared = SHARED[name];
  const isShared = shared !== undefined && all.includes(shared.at);
  // The encoder's slice of the last step is read no more.
  const row = (f: string) => `${(shared?.slot ?? 0) * featureVectors}u + ${f}`;
  return `
  ${lines(range(featureVectors).map((f) => `hidden_tile${place(f * columns)} = ${own(f)};`))}
  workgroupBarrier();
  if (index < ${features4}u) {
    var result = ${partial(0)};
    ${lines(range(ROWS).slice(1).map((row) => `result = ${combine("result", partial(row))};`))}
    reduced[(${position}u * (question_stride / ${TILE_QUESTIONS / 4}u) + group.y) * feature_stride +
      group.x * ${features4}u + index] = result;
    ${isShared ? `encoder_tile[${row(`index / ${columns}u`)}][index % ${columns}u] = result;` : ""}
  }
  workgroupBarrier();
  ${
    isShared
      ? lines(
        range(featureVectors).map((f) =>
          `let ${shared.name}${f} = encoder_tile[${row(`${f}u`)}][column];`
        ),
      )
      : ""
  }`;
}

function add(a: string, b: string): string {
  return `(${a} + ${b})`;
}

function maximum(a: string, b: string): string {
  return `max(${a}, ${b})`;
}

function minimum(a: string, b: string): string {
  return `min(${a}, ${b})`;
}
