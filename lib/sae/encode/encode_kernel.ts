/**
 * The kernel that encodes and reduces, written for a size of tile.
 *
 * A workgroup takes 128 questions by so many features. Step by step through the depth it copies a
 * slice of both matrices into its own memory; each invocation multiplies 8 questions by 4 or 8
 * features, whose results stay in registers, as vectors with names of their own: only then do
 * compilers keep them there. While it multiplies, the next slice is already on its way.
 *
 * Two things are arranged for what compilers and hardware make of it. Deno's compiler holds every
 * index that is no constant to its array's bounds: in workgroup memory, the inner loop has a constant
 * for the row and the same variable each time for the place in it, so that one such check before the
 * loop is enough and offsets become part of the instructions. And of the invocations that NVIDIA's
 * hardware runs together, numbers n and n ^ 1 share their questions, n and n ^ 2 their features: a
 * load of 16 bytes an invocation then takes two turns of workgroup memory instead of four.
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
import { type ActivationForm, featureParametersOf } from "../activation.ts";

/** The questions of a workgroup. */
export const TILE_QUESTIONS = 128;
/** Rows of invocations in a workgroup: with 8 questions each they make its 128. */
const ROWS = 16;
/** Vectors of 4 questions of an invocation. */
const QUESTION_VECTORS = 2;

/** A parameter of the kernel. */
export type ProblemField =
  | "depth"
  | "question_stride"
  | "feature_stride"
  | "first_kept"
  | "end_kept"
  | "activation_threshold"
  | "activation_floor"
  | "count_above";

const PROBLEM_FIELDS: Record<ProblemField, ScalarType> = {
  depth: "u32", // d_model, padded
  question_stride: "u32", // padded questions / 4
  feature_stride: "u32", // padded features / 4
  first_kept: "u32", // from here on, features are kept for each question, too
  end_kept: "u32", // up to here, this one not
  activation_threshold: "f32", // one for all features, where the activation has one
  activation_floor: "f32", // where the activation has one
  count_above: "f32", // activations above it are counted
};

/** The kernel's parameters, as the shader declares and the host sends them. */
export const PROBLEM: UniformStruct<ProblemField> = new UniformStruct(
  "Problem",
  PROBLEM_FIELDS,
);

/** A size of tile. */
export interface EncodeTile {
  /** Columns of invocations in a workgroup. */
  readonly columns: 8 | 16;
  /** Vectors of 4 features of an invocation. */
  readonly featureVectors: 1 | 2;
  /** How much of the depth is in workgroup memory at a time. */
  readonly depthStep: 8 | 16 | 32;
}

/** 128 × 128, in steps of 16: half of the registers of a large GPU, and 16 KiB. */
export const DEFAULT_TILE: EncodeTile = { columns: 16, featureVectors: 2, depthStep: 16 };

/** The tiles to choose from. */
export const TILES: readonly EncodeTile[] = [
  DEFAULT_TILE,
  { columns: 16, featureVectors: 2, depthStep: 8 },
  { columns: 16, featureVectors: 2, depthStep: 32 },
  { columns: 16, featureVectors: 1, depthStep: 16 },
  { columns: 16, featureVectors: 1, depthStep: 32 },
  { columns: 8, featureVectors: 2, depthStep: 16 },
  { columns: 8, featureVectors: 2, depthStep: 8 },
];

/** What to call a tile: questions × features × depth, and the invocations of a workgroup. */
export function tileName(tile: EncodeTile): string {
  const invocations = tile.columns * ROWS;
  return `${TILE_QUESTIONS}x${tileFeatures(tile)}x${tile.depthStep}/${invocations}`;
}

/** The features of a workgroup. */
export function tileFeatures({ columns, featureVectors }: EncodeTile): number {
  return 4 * columns * featureVectors;
}

/** How much workgroup memory a tile takes, in bytes. */
export function tileBytes(tile: EncodeTile): number {
  return 16 * (ROWS * hiddenRows(tile) + tile.depthStep * tileFeatures(tile) / 4);
}

/** The slice of hidden states, in rows of 16 vectors; the reductions reuse its memory. */
function hiddenRows(tile: EncodeTile): number {
  return Math.max(tile.depthStep * QUESTION_VECTORS, tileFeatures(tile) / 4);
}

/** The whole shader for a tile and a form of activation; its entry point is `encode_reduce`. */
export function encodeShader(tile: EncodeTile, form: ActivationForm): string {
  return `${PROBLEM.declaration}\n\n${sharedParts}\n${entryPoint(tile, form)}`;
}

function entryPoint(tile: EncodeTile, form: ActivationForm): string {
  const { columns, featureVectors, depthStep } = tile;
  const invocations = columns * ROWS;
  const questions4 = TILE_QUESTIONS / 4;
  const features4 = tileFeatures(tile) / 4;
  const hiddenLoads = copies(depthStep * questions4, invocations);
  const encoderLoads = copies(depthStep * features4, invocations);
  const cells = grid(4 * QUESTION_VECTORS, featureVectors);
  const features = range(featureVectors);
  const fetch = (start: string, keyword: string) => [
    ...hiddenLoads.map((load) =>
      `${keyword}h_next${load} = hidden[hidden_at + ` +
      `(${start} + ${load * invocations / questions4}u) * question_stride];`
    ),
    ...encoderLoads.map((load) =>
      `${keyword}w_next${load} = encoder[encoder_at + ` +
      `(${start} + ${load * invocations / features4}u) * feature_stride];`
    ),
  ];

  return `
var<workgroup> hidden_tile: array<array<vec4f, ${ROWS}>, ${hiddenRows(tile)}>;
var<workgroup> encoder_tile: array<array<vec4f, ${columns}>, ${depthStep * featureVectors}>;

@compute @workgroup_size(${invocations})
fn encode_reduce(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  // a Z of 2 × 2 invocations, then along the columns, then along the rows
  let column = (index & 1u) | ((index >> 1u) & ${columns - 2}u);
  let row = ((index >> 1u) & 1u) | ((index / ${2 * columns}u) << 1u);
  let depth = problem.depth;
  let question_stride = problem.question_stride;
  let feature_stride = problem.feature_stride;
  let hidden_at = (index / ${questions4}u) * question_stride +
    group.y * ${questions4}u + index % ${questions4}u;
  let encoder_at = (index / ${features4}u) * feature_stride +
    group.x * ${features4}u + index % ${features4}u;
  ${lines(cells.map(([q, f]) => `var z${q}_${f} = vec4f(0.0);`))}
  ${lines(fetch("0u", "var "))}
  for (var start = 0u; start < depth; start += ${depthStep}u) {
    ${
    lines(hiddenLoads.map((load) =>
      `hidden_tile[index / ${ROWS}u + ${load * columns}u][index % ${ROWS}u] = h_next${load};`
    ))
  }
    ${
    lines(encoderLoads.map((load) =>
      `encoder_tile[index / ${columns}u + ${load * ROWS}u][index % ${columns}u] = w_next${load};`
    ))
  }
    workgroupBarrier();
    // the last slice again at the end, which nobody reads: cheaper than a branch
    let next = min(start + ${depthStep}u, depth - ${depthStep}u);
    ${lines(fetch("next", ""))}
    ${lines(range(depthStep).map((step) => multiplyStep(step, tile)))}
    workgroupBarrier();
  }

  let size = tile_sizes[group.y];
  let first_question = group.y * ${TILE_QUESTIONS}u;
  ${
    lines(
      features.map((f) => `let feature${f} = group.x * ${features4}u + ${f * columns}u + column;`),
    )
  }
  ${lines(range(4 * QUESTION_VECTORS).map((q) => `let row${q} = ${rowOf(q)};`))}
  ${
    lines(
      ["bias", ...featureParametersOf(form)].flatMap((name, i) =>
        features.map((f) => `let ${name}${f} = parameters[${i}u * feature_stride + feature${f}];`)
      ),
    )
  }
  ${lines(cells.map(([q, f]) => `z${q}_${f} += bias${f};`))}
  ${lines(cells.flatMap(([q, f]) => activation(form, `z${q}_${f}`, f)))}
  if ((group.x + 1u) * ${tileFeatures(tile)}u > problem.first_kept) {
    ${
    lines(cells.map(([q, f]) =>
      `keep(first_question + row${q}, feature${f}, row${q} < size, z${q}_${f});`
    ))
  }
  }
  ${reduction("sums", tile, (q, f) => `only(row${q} < size, z${q}_${f}, vec4f(0.0))`, add)}
  ${reduction("maxima", tile, (q, f) => `only(row${q} < size, z${q}_${f}, LOWEST)`, maximum)}
  ${reduction("counts", tile, (q, f) => `above(row${q} < size, z${q}_${f})`, add)}
}
`;
}

/** Turns p into z, in place. What the form does not have costs nothing. */
function activation(form: ActivationForm, p: string, f: number): string[] {
  const scaled = form.scale ? `scale${f} * ${p}` : p;
  const shifted = form.offset ? `${scaled} + offset${f}` : scaled;
  const z = form.floor ? `max(${shifted}, vec4f(problem.activation_floor))` : shifted;
  if (form.threshold === "none") return z === p ? [] : [`${p} = ${z};`];
  const threshold = form.threshold === "each"
    ? `threshold${f}`
    : "vec4f(problem.activation_threshold)";
  return [`${p} = select(vec4f(0.0), ${z}, ${p} > ${threshold});`];
}

/** One step through the depth: 8 questions times the features of an invocation. */
function multiplyStep(step: number, tile: EncodeTile): string {
  const { featureVectors, depthStep } = tile;
  const products = grid(4 * QUESTION_VECTORS, featureVectors).map(([q, f]) =>
    `z${q}_${f} = fma(vec4f(h${q >> 2}_${step}.${"xyzw"[q & 3]}), w${f}_${step}, z${q}_${f});`
  );
  // What the next step needs is read first, so that it arrives while this one multiplies.
  const next = step + 1 < depthStep ? readStep(step + 1, tile) : [];
  return lines([...(step === 0 ? readStep(0, tile) : []), ...next, ...products]);
}

/** What an invocation needs for one step. */
function readStep(step: number, { featureVectors }: EncodeTile): string[] {
  return [
    ...range(QUESTION_VECTORS).map((v) =>
      `let h${v}_${step} = hidden_tile[${step * QUESTION_VECTORS + v}][row];`
    ),
    ...range(featureVectors).map((f) =>
      `let w${f}_${step} = encoder_tile[${step * featureVectors + f}][column];`
    ),
  ];
}

/** Reduces over the questions of an invocation, then over the rows of invocations, in order. */
function reduction(
  output: string,
  tile: EncodeTile,
  value: (question: number, feature: number) => string,
  combine: (a: string, b: string) => string,
): string {
  const { columns, featureVectors } = tile;
  const features4 = tileFeatures(tile) / 4;
  const own = (f: number) =>
    range(4 * QUESTION_VECTORS).map((q) => value(q, f)).reduce((a, b) => combine(a, b));
  // [16 vectors of features, rows of invocations][vector of features]
  const place = (first: number) => `[${first - first % ROWS}u + row][${first % ROWS}u + column]`;
  const partial = (row: number) =>
    `hidden_tile[(index / ${ROWS}u) * ${ROWS}u + ${row}u][index % ${ROWS}u]`;
  return `
  ${lines(range(featureVectors).map((f) => `hidden_tile${place(f * columns)} = ${own(f)};`))}
  workgroupBarrier();
  if (index < ${features4}u) {
    var result = ${partial(0)};
    ${lines(range(ROWS).slice(1).map((row) => `result = ${combine("result", partial(row))};`))}
    ${output}[group.y * feature_stride + group.x * ${features4}u + index] = result;
  }
  workgroupBarrier();`;
}

function add(a: string, b: string): string {
  return `(${a} + ${b})`;
}

function maximum(a: string, b: string): string {
  return `max(${a}, ${b})`;
}

/** The row in the tile of an invocation's question. */
function rowOf(q: number): string {
  return `(row + ${(q >> 2) * ROWS}u) * 4u + ${q & 3}u`;
}

function copies(vectors: number, invocations: number): number[] {
  return range(vectors / invocations);
}

function grid(rows: number, columns: number): [number, number][] {
  return range(rows).flatMap((row) => range(columns).map((c): [number, number] => [row, c]));
}

function range(count: number): number[] {
  return [...Array(count).keys()];
}

function lines(texts: readonly string[]): string {
  return texts.join("\n    ");
}
