/**
 * The kernel that encodes and reduces, written for a size of tile.
 *
 * A workgroup takes 128 questions by so many features. Step by step through the depth it copies a
 * slice of both matrices into its own memory; each invocation multiplies 8 questions by 4 or 8
 * features, whose results stay in registers, as vectors with names of their own: only then do
 * compilers keep them there. While it multiplies, the next slice is already on its way.
 *
 * Whatever the tile, every sum is added up in the same order: that of an activation along the
 * depth, that of a feature over the 8 questions of an invocation and then over the 16 rows of
 * invocations. The choice of a tile thus changes the speed and not the result, unless a compiler
 * fuses or reorders what it was told not to.
 *
 * @module
 */
import sharedParts from "../wgsl/encode_reduce.wgsl" with { type: "text" };

/** The questions of a workgroup. */
export const TILE_QUESTIONS = 128;
/** Rows of invocations in a workgroup: with 8 questions each they make its 128. */
const ROWS = 16;
/** Vectors of 4 questions of an invocation. */
const QUESTION_VECTORS = 2;

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
  return 16 * (hiddenVectors(tile) + tile.depthStep * tileFeatures(tile) / 4);
}

/** The slice of hidden states; the reductions reuse its memory. */
function hiddenVectors(tile: EncodeTile): number {
  return Math.max(tile.depthStep * TILE_QUESTIONS / 4, ROWS * tileFeatures(tile) / 4);
}

/** The whole shader for a tile; its entry point is `encode_reduce`. */
export function encodeShader(tile: EncodeTile): string {
  return `${sharedParts}\n${entryPoint(tile)}`;
}

function entryPoint(tile: EncodeTile): string {
  const { columns, featureVectors, depthStep } = tile;
  const invocations = columns * ROWS;
  const questions4 = TILE_QUESTIONS / 4;
  const features4 = tileFeatures(tile) / 4;
  const hiddenLoads = copies(depthStep * questions4, invocations);
  const encoderLoads = copies(depthStep * features4, invocations);
  const cells = grid(4 * QUESTION_VECTORS, featureVectors);
  const features = range(featureVectors);
  const at = (load: number) => `index + ${load * invocations}u`;
  const slice = (matrix: string, stride: string, width: number, load: number, start: string) =>
    `${matrix}[(${start} + (${at(load)}) / ${width}u) * problem.${stride} + ` +
    `group.${matrix === "hidden" ? "y" : "x"} * ${width}u + (${at(load)}) % ${width}u]`;
  const fetch = (start: string, keyword: string) => [
    ...hiddenLoads.map((load) =>
      `${keyword}h_next${load} = ${slice("hidden", "question_stride", questions4, load, start)};`
    ),
    ...encoderLoads.map((load) =>
      `${keyword}w_next${load} = ${slice("encoder", "feature_stride", features4, load, start)};`
    ),
  ];

  return `
var<workgroup> hidden_tile: array<vec4f, ${hiddenVectors(tile)}>; // [depth step, questions / 4]
var<workgroup> encoder_tile: array<vec4f, ${depthStep * features4}>; // [depth step, features / 4]

@compute @workgroup_size(${columns}, ${ROWS})
fn encode_reduce(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  ${lines(cells.map(([q, f]) => `var z${q}_${f} = vec4f(0.0);`))}
  ${lines(fetch("0u", "var "))}
  for (var start = 0u; start < problem.depth; start += ${depthStep}u) {
    ${lines(hiddenLoads.map((load) => `hidden_tile[${at(load)}] = h_next${load};`))}
    ${lines(encoderLoads.map((load) => `encoder_tile[${at(load)}] = w_next${load};`))}
    workgroupBarrier();
    // the last slice again at the end, which nobody reads: cheaper than a branch
    let next = min(start + ${depthStep}u, problem.depth - ${depthStep}u);
    ${lines(fetch("next", ""))}
    ${lines(range(depthStep).map((step) => multiplyStep(step, tile)))}
    workgroupBarrier();
  }

  let size = tile_sizes[group.y];
  let first_question = group.y * ${TILE_QUESTIONS}u;
  ${lines(features.map((f) => `let feature${f} = ${featureOf(f, tile)};`))}
  ${lines(range(4 * QUESTION_VECTORS).map((q) => `let row${q} = ${rowOf(q)};`))}
  ${lines(features.map((f) => `let bias${f} = bias[feature${f}];`))}
  ${lines(cells.map(([q, f]) => `z${q}_${f} = activate(z${q}_${f} + bias${f});`))}
  ${
    lines(cells.map(([q, f]) =>
      `keep_slots(first_question + row${q}, feature${f}, row${q} < size, z${q}_${f});`
    ))
  }
  ${reduction("sums", tile, (q, f) => `only(row${q} < size, z${q}_${f}, vec4f(0.0))`, add)}
  ${reduction("maxima", tile, (q, f) => `only(row${q} < size, z${q}_${f}, LOWEST)`, maximum)}
  ${reduction("counts", tile, (q, f) => `above(row${q} < size, z${q}_${f})`, add)}
}
`;
}

/** One step through the depth: 8 questions times the features of an invocation. */
function multiplyStep(step: number, tile: EncodeTile): string {
  const questions4 = TILE_QUESTIONS / 4;
  const features4 = tileFeatures(tile) / 4;
  const { columns, featureVectors } = tile;
  return `{
    ${
    lines(
      range(QUESTION_VECTORS).map((v) =>
        `let h${v} = hidden_tile[${step * questions4 + v * ROWS}u + local.y];`
      ),
    )
  }
    ${
    lines(
      range(featureVectors).map((f) =>
        `let w${f} = encoder_tile[${step * features4 + f * columns}u + local.x];`
      ),
    )
  }
    ${
    lines(
      grid(4 * QUESTION_VECTORS, featureVectors).map(([q, f]) =>
        `z${q}_${f} = fma(vec4f(h${q >> 2}.${"xyzw"[q & 3]}), w${f}, z${q}_${f});`
      ),
    )
  }
    }`;
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
  return `
  ${
    lines(
      range(featureVectors).map((f) =>
        `hidden_tile[local.y * ${features4}u + ${f * columns}u + local.x] = ${own(f)};`
      ),
    )
  }
  workgroupBarrier();
  if (index < ${features4}u) {
    var result = hidden_tile[index];
    ${
    lines(
      range(ROWS).slice(1).map((row) =>
        `result = ${combine("result", `hidden_tile[index + ${row * features4}u]`)};`
      ),
    )
  }
    ${output}[group.y * problem.feature_stride + group.x * ${features4}u + index] = result;
  }
  workgroupBarrier();`;
}

function add(a: string, b: string): string {
  return `(${a} + ${b})`;
}

function maximum(a: string, b: string): string {
  return `max(${a}, ${b})`;
}

/** The number of a vector of features, from an invocation's own. Neighbours load neighbours. */
function featureOf(f: number, tile: EncodeTile): string {
  return `group.x * ${tileFeatures(tile) / 4}u + ${f * tile.columns}u + local.x`;
}

/** The row in the tile of an invocation's question. */
function rowOf(q: number): string {
  return `(local.y + ${(q >> 2) * ROWS}u) * 4u + ${q & 3}u`;
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
