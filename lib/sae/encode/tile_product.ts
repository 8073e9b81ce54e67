/**
 * The matrix product that the kernels which encode begin with, written for a size of tile.
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
 * @module
 */

/** The questions of a workgroup. */
export const TILE_QUESTIONS = 128;
/** Rows of invocations in a workgroup: with 8 questions each they make its 128. */
export const ROWS = 16;
/** Vectors of 4 questions of an invocation. */
export const QUESTION_VECTORS = 2;

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

/** The memory that the invocations of a workgroup share, as the kernel declares it. */
export function workgroupMemory(tile: EncodeTile): string {
  const { columns, featureVectors, depthStep } = tile;
  return `var<workgroup> hidden_tile: array<array<vec4f, ${ROWS}>, ${hiddenRows(tile)}>;
var<workgroup> encoder_tile: array<array<vec4f, ${columns}>, ${depthStep * featureVectors}>;
`;
}

/** Which results an invocation has: of each question 0 to 7, each vector of features. */
export function cellsOf({ featureVectors }: EncodeTile): [number, number][] {
  return grid(4 * QUESTION_VECTORS, featureVectors);
}

/**
 * The beginning of a kernel: p = W h + b in `z0_0` and so on, by question and vector of features
 * ({@linkcode cellsOf}). What it needs of `problem`, `hidden`, `encoder`, `parameters` and
 * `tile_sizes` is bound; `group` and `index` are the workgroup and the invocation. After it, `row`,
 * `column`, `row0` … (in the tile), `feature0` … (vectors of the chunk), `first_question` and `size`
 * are known.
 */
export function product(tile: EncodeTile): string {
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

  return `// a Z of 2 × 2 invocations, then along the columns, then along the rows
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
  ${lines(features.map((f) => `let bias${f} = parameters[feature${f}];`))}
  ${lines(cells.map(([q, f]) => `z${q}_${f} += bias${f};`))}`;
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

/** 0 to `count` - 1. */
export function range(count: number): number[] {
  return [...Array(count).keys()];
}

/** Lines of a kernel. */
export function lines(texts: readonly string[]): string {
  return texts.join("\n    ");
}
