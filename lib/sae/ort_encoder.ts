/**
 * Encodes through ONNX Runtime, for machines without a GPU: one matrix product and its reductions.
 *
 * @module
 */
import { OnnxGraph } from "../compute/onnx_graph.ts";
import { createOrtSession, type OrtRuntime, type OrtSession } from "../compute/ort_session.ts";
import { checkEncodeInput, type Encoded, type EncodeInput, type Encoder } from "./encoder.ts";
import { addTile, emptyMoments, tileQuestions } from "./moments.ts";
import type { Sae, SaeKind } from "./sae.ts";

/** Questions a run: few enough that sums in float32 stay exact to the last digits. */
const TILE_QUESTIONS = 256;
/** Features a run: few enough that the activations of a tile stay in the processor's caches. */
const CHUNK_FEATURES = 4096;

/** An encoder on ONNX Runtime, native or wasm. */
export class OrtEncoder implements Encoder {
  readonly backend: string;
  #runtime: OrtRuntime;
  #sessions = new Map<SaeKind, Promise<OrtSession>>();

  /** Encodes on a build of ONNX Runtime. */
  constructor(runtime: OrtRuntime) {
    this.#runtime = runtime;
    this.backend = `onnxruntime ${runtime.backend}`;
  }

  /** See {@linkcode Encoder}. */
  async encode(input: EncodeInput): Promise<Encoded> {
    checkEncodeInput(input);
    const { hidden, groupSizes, sae, threshold } = input;
    const session = await this.#session(sae.kind);
    const moments = emptyMoments(groupSizes, sae.featureCount);
    const slotActivations = new Float32Array(hidden.count * sae.slotCount);
    for (const tile of tileQuestions(groupSizes, TILE_QUESTIONS)) {
      const states = hidden.read(tile.first, tile.count);
      for (const chunk of chunkFeatures(sae, CHUNK_FEATURES)) {
        const { sums, maxima, counts, slots } = await session.run(
          feedsOf(states, sae, threshold, chunk),
        );
        addTile(moments, {
          group: tile.group,
          firstFeature: chunk.first,
          sums: sums!,
          maxima: maxima!,
          counts: counts!,
        });
        if (chunk.slotCount > 0) slotActivations.set(slots!, tile.first * sae.slotCount);
      }
    }
    return { moments, slotActivations };
  }

  /** Gives the sessions' memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release();
  }

  /** The session for a kind of SAE, made when the first of them comes. */
  #session(kind: SaeKind): Promise<OrtSession> {
    const session = this.#sessions.get(kind) ??
      createOrtSession(this.#runtime, buildEncodeGraph(kind === "traditional"));
    this.#sessions.set(kind, session);
    return session;
  }
}

interface FeatureChunk {
  first: number;
  count: number;
  /** The slots at the end of the chunk: none, or all of the SAE's. */
  slotCount: number;
}

/** Cuts the features into chunks; the slots are never divided. */
function chunkFeatures({ freeCount, slotCount }: Sae, size: number): FeatureChunk[] {
  const chunks: FeatureChunk[] = [];
  for (let first = 0; first === 0 || first < freeCount; first += size) {
    const count = Math.min(size, freeCount - first);
    chunks.push({ first, count, slotCount: 0 });
  }
  const last = chunks.at(-1)!;
  last.count += slotCount;
  last.slotCount = slotCount;
  return chunks;
}

function feedsOf(
  states: Float32Array,
  { width, weight, bias }: Sae,
  threshold: number,
  chunk: FeatureChunk,
) {
  const { first, count, slotCount } = chunk;
  return {
    hidden: { data: states, shape: [states.length / width, width] },
    weight: {
      data: weight.subarray(first * width, (first + count) * width),
      shape: [count, width],
    },
    bias: { data: bias.subarray(first, first + count), shape: [count] },
    threshold: { data: new Float32Array([threshold]), shape: [1] },
    // Without slots one column is kept all the same: an empty tensor is a corner of its own.
    kept: { data: new BigInt64Array([BigInt(-Math.max(1, slotCount))]), shape: [1] },
  };
}

/**
 * The graph: z = hidden weightᵀ + bias, rectified or not; its sums, maxima and counts over the
 * questions; and its last columns as they are.
 */
function buildEncodeGraph(rectify: boolean): Uint8Array {
  const graph = new OnnxGraph("encode");
  const hidden = graph.input("hidden", "float32", ["questions", "width"]);
  const weight = graph.input("weight", "float32", ["features", "width"]);
  const bias = graph.input("bias", "float32", ["features"]);
  const threshold = graph.input("threshold", "float32", [1]);
  const kept = graph.input("kept", "int64", [1]);
  const questions = graph.constant("questions", new BigInt64Array([0n]), [1]);
  const features = graph.constant("features", new BigInt64Array([1n]), [1]);
  const end = graph.constant("end", new BigInt64Array([2n ** 31n - 1n]), [1]);

  const linear = graph.node("Gemm", [hidden, weight, bias], { attributes: { transB: 1 } });
  const z = rectify ? graph.node("Relu", [linear]) : linear;
  const above = graph.node("CastLike", [graph.node("Greater", [z, threshold]), threshold]);
  for (
    const [output, operator, value] of [
      ["sums", "ReduceSum", z],
      ["maxima", "ReduceMax", z],
      ["counts", "ReduceSum", above],
    ] as const
  ) {
    graph.node(operator, [value, questions], { attributes: { keepdims: 0 }, output });
    graph.output(output, "float32", ["features"]);
  }
  graph.node("Slice", [z, kept, end, features], { output: "slots" });
  graph.output("slots", "float32", ["questions", "slots"]);
  return graph.encode();
}
