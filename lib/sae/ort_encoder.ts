/**
 * Encodes through ONNX Runtime, for machines without a GPU: one matrix product and its reductions.
 *
 * The product is weight hiddenᵀ, features in rows. ONNX Runtime divides the larger side of a product
 * among its threads, and adds in an order that depends on how many columns it then has before it.
 * With more features than questions it divides rows, which changes no order, so that the same inputs
 * give the same bytes with any number of threads. The product the other way round does not.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/sgemm.cpp
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
/** Features a run, at most: few enough that the activations of a tile stay in the caches. */
const CHUNK_FEATURES = 2048;
/** Features a run, at least: more than questions, and several for each of a hundred threads. */
const LEAST_FEATURES = 1024;

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
    const chunks = chunkFeatures(sae);
    for (const tile of tileQuestions(groupSizes, TILE_QUESTIONS)) {
      const states = hidden.read(tile.first, tile.count);
      for (const chunk of chunks) {
        const { sums, maxima, counts, slots } = await session.run(
          feedsOf(states, sae, threshold, chunk),
        );
        addTile(moments, {
          group: tile.group,
          firstFeature: chunk.first,
          sums: sums!.subarray(0, chunk.count),
          maxima: maxima!.subarray(0, chunk.count),
          counts: counts!.subarray(0, chunk.count),
        });
        if (chunk.hasSlots) slotActivations.set(slots!, tile.first * sae.slotCount);
      }
    }
    return { moments, slotActivations };
  }

  /** Gives the sessions' memory back. A session that could not be made has none, and was reported. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const made of await Promise.allSettled(this.#sessions.values())) {
      if (made.status === "fulfilled") await made.value.release();
    }
  }

  /** The session for a kind of SAE, made when the first of them comes. */
  #session(kind: SaeKind): Promise<OrtSession> {
    const session = this.#sessions.get(kind) ??
      createOrtSession(this.#runtime, buildEncodeGraph(kind === "traditional"));
    this.#sessions.set(kind, session);
    return session;
  }
}

/** Neighbouring features that are encoded together. */
interface FeatureChunk {
  first: number;
  count: number;
  /** The encoder's rows for them, at least {@linkcode LEAST_FEATURES}: beyond `count` all is 0. */
  weight: Float32Array;
  bias: Float32Array;
  /** Whether all slots are in it; otherwise it has none. */
  hasSlots: boolean;
}

/** Cuts the features into chunks as even as can be; the slots are never divided. */
function chunkFeatures({ freeCount, slotCount, width, weight, bias }: Sae): FeatureChunk[] {
  const count = Math.ceil(freeCount / CHUNK_FEATURES);
  const firsts = Array.from({ length: count }, (_, i) => Math.floor(i * freeCount / count));
  return firsts.map((first, i) => {
    const end = firsts[i + 1] ?? freeCount + slotCount;
    return {
      first,
      count: end - first,
      weight: padded(weight.subarray(first * width, end * width), LEAST_FEATURES * width),
      bias: padded(bias.subarray(first, end), LEAST_FEATURES),
      hasSlots: end > freeCount,
    };
  });
}

function padded(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values;
  const result = new Float32Array(length);
  result.set(values);
  return result;
}

function feedsOf(states: Float32Array, sae: Sae, threshold: number, chunk: FeatureChunk) {
  const { width, slotCount } = sae;
  const { count, weight, bias, hasSlots } = chunk;
  // Without slots one row is kept all the same: an empty tensor is a corner of its own.
  const kept = hasSlots ? [count - slotCount, count] : [0, 1];
  return {
    hidden: { data: states, shape: [states.length / width, width] },
    weight: { data: weight, shape: [bias.length, width] },
    bias: { data: bias, shape: [bias.length, 1] },
    threshold: { data: new Float32Array([threshold]), shape: [1] },
    kept: { data: BigInt64Array.from(kept, BigInt), shape: [2] },
  };
}

/**
 * The graph: z = weight hiddenᵀ + bias, rectified or not; its sums, maxima and counts over the
 * questions; and some of its rows, turned round.
 */
function buildEncodeGraph(rectify: boolean): Uint8Array {
  const graph = new OnnxGraph("encode");
  const hidden = graph.input("hidden", "float32", ["questions", "width"]);
  const weight = graph.input("weight", "float32", ["features", "width"]);
  const bias = graph.input("bias", "float32", ["features", 1]);
  const threshold = graph.input("threshold", "float32", [1]);
  const kept = graph.input("kept", "int64", [2]);
  const zero = graph.constant("zero", new BigInt64Array([0n]), [1]);
  const one = graph.constant("one", new BigInt64Array([1n]), [1]);

  const linear = graph.node("Gemm", [weight, hidden, bias], { attributes: { transB: 1 } });
  const z = rectify ? graph.node("Relu", [linear]) : linear;
  const above = graph.node("CastLike", [graph.node("Greater", [z, threshold]), threshold]);
  for (
    const [output, operator, value] of [
      ["sums", "ReduceSum", z],
      ["maxima", "ReduceMax", z],
      ["counts", "ReduceSum", above],
    ] as const
  ) {
    graph.node(operator, [value, one], { attributes: { keepdims: 0 }, output });
    graph.output(output, "float32", ["features"]);
  }
  const [from, to] = [zero, one].map((index) => graph.node("Gather", [kept, index]));
  const rows = graph.node("Slice", [z, from!, to!, zero]);
  graph.node("Transpose", [rows], { output: "slots" });
  graph.output("slots", "float32", ["questions", "slots"]);
  return graph.encode();
}
