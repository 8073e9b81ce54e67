/**
 * The ONNX graph that encodes and reduces.
 *
 * @module
 */
import { type NodeOptions, OnnxGraph } from "../../compute/onnx_graph.ts";
import { type ActivationForm, isTopK } from "../activation.ts";
import { addLinearProduct } from "./linear_product.ts";
import { TILE_QUESTIONS } from "./ort_division.ts";
import type { Reduction } from "./reductions.ts";

/** What a graph is to do. */
export interface EncodeGraphOptions {
  /** What is kept of z. */
  readonly reductions: readonly Reduction[];
  /** Whether all of z is given as it is, `[features, questions]`, and not the kept rows, turned round. */
  readonly isByFeature: boolean;
  /** How many tiles of questions a run takes: a run costs something of its own. Default: one. */
  readonly tiles?: number | undefined;
  /** Whether each tile's states are filled up, and an input `counted` says how many there are. Default: no. */
  readonly areFilledUp?: boolean | undefined;
  /**
   * Of how many parts the only tile is, which are reduced one by one; what comes of each is called as that of a
   * tile. An input `bounds` says where they begin, and where the last one ends. Default: one.
   */
  readonly parts?: number | undefined;
  /**
   * Whether it is to do without Cast. ONNX Runtime's is one function for all types, half a megabyte of
   * WebAssembly: V8 compiles what runs often a second time, for which it would take 110 MiB. A choice gives the
   * same bytes, but takes native code 1.5 ms a run in place of 0.3. Default: no.
   */
  readonly avoidsCast?: boolean | undefined;
}

/** The name of an input or output of a tile. */
export function tileText(name: string, tile: number): string {
  return tile === 0 ? name : `${name}_${tile}`;
}

/**
 * The graph: p = weight hiddenᵀ + bias, and z, what the activation makes of it; its reductions over the
 * questions; and some of its rows. What each tile has of its own is called by {@linkcode tileText}.
 *
 * @param form What the activation has, or `relu`, which is an operator of its own; top-k takes one tile.
 */
export function buildEncodeGraph(
  form: ActivationForm | "relu",
  { reductions, isByFeature, tiles = 1, areFilledUp = false, parts = 1, avoidsCast = false }:
    EncodeGraphOptions,
): Promise<Uint8Array> {
  const graph = new OnnxGraph("encode");
  const weight = graph.input("weight", "float32", ["features", "width"]);
  const bias = graph.input("bias", "float32", ["features", 1]);
  const countAbove = graph.input("count_above", "float32", [1]);
  const one = graph.constant("one", new BigInt64Array([1n]), [1]);
  const numberOf = declareForReductions(graph, reductions, { countAbove, avoidsCast });
  const kept = isByFeature ? undefined : keptRows(graph, one);
  if (form !== "relu") declareParameters(graph, form);
  for (let tile = 0; tile < tiles; tile++) {
    const questions = tileText("questions", tile);
    const given = areFilledUp ? tileText("states", tile) : questions;
    const hidden = graph.input(tileText("hidden", tile), "float32", [given, "width"]);
    const counted = areFilledUp ? graph.input(tileText("counted", tile), "int64", [1]) : undefined;
    const output = tileText("kept_activations", tile);
    const steps = activationSteps(graph, form);
    const last = isByFeature ? { output } : {};
    const own = steps.length === 0 ? last : {};
    const p = addLinearProduct(graph, { weight, bias, hidden, counted }, own);
    const z = steps.reduce((z, step, i) => step(z, p, i === steps.length - 1 ? last : {}), p);
    partsOf(graph, z, parts).forEach((z, part) => {
      for (const name of reductions) {
        const output = tileText(name, tile + part);
        reduce(graph, name, { z, countAbove, one, output }, numberOf);
        graph.output(output, "float32", ["features"]);
      }
    });
    if (kept !== undefined) graph.node("Transpose", [kept(z)], { output });
    graph.output(output, "float32", isByFeature ? ["features", questions] : [questions, "kept"]);
  }
  return graph.encode();
}

/** The columns of z that belong to each part. */
function partsOf(graph: OnnxGraph, z: string, parts: number): string[] {
  if (parts === 1) return [z];
  const bounds = graph.input("bounds", "int64", [parts + 1]);
  const at = Array.from({ length: parts + 1 }, (_, i) => {
    const place = graph.constant(`bound_${i}`, BigInt64Array.of(BigInt(i)), [1]);
    return graph.node("Gather", [bounds, place]);
  });
  return at.slice(1).map((end, i) => graph.node("Slice", [z, at[i]!, end, "one"]));
}

/** Takes the rows from one number to another, which are inputs, of z. */
function keptRows(graph: OnnxGraph, one: string): (z: string) => string {
  const kept = graph.input("kept", "int64", [2]);
  const zero = graph.constant("zero", new BigInt64Array([0n]), [1]);
  const [from, to] = [zero, one].map((index) => graph.node("Gather", [kept, index]));
  return (z) => graph.node("Slice", [z, from!, to!, zero]);
}

/** A reduction of z over the questions; `numberOf` makes 1 or 0 of what holds or does not. */
function reduce(
  graph: OnnxGraph,
  name: Reduction,
  { z, countAbove, one, output }: Record<"z" | "countAbove" | "one" | "output", string>,
  numberOf: (holds: string) => string,
): void {
  const over = (operator: string, value: string) =>
    graph.node(operator, [value, one], { attributes: { keepdims: 0 }, output });
  // Of equals the first. A list of places in place of Cast: they are few enough to be exact in float32.
  const where = (operator: string) => {
    const at = graph.node(operator, [z], { attributes: { axis: 1, keepdims: 0 } });
    graph.node("Gather", ["places", at], { output });
  };
  switch (name) {
    case "sums":
      return void over("ReduceSum", z);
    case "squares":
      return void over("ReduceSumSquare", z);
    case "maxima":
      return void over("ReduceMax", z);
    case "minima":
      return void over("ReduceMin", z);
    case "counts":
      return void over(
        "ReduceSum",
        numberOf(graph.node("Greater", [z, countAbove])),
      );
    case "maximaAt":
      return where("ArgMax");
    case "minimaAt":
      return where("ArgMin");
  }
}

/** Declares what reductions take besides z, once for all tiles. Returns what writes a condition as 1 or 0. */
function declareForReductions(
  graph: OnnxGraph,
  reductions: readonly Reduction[],
  { countAbove, avoidsCast }: { countAbove: string; avoidsCast: boolean },
): (holds: string) => string {
  if (reductions.includes("maximaAt") || reductions.includes("minimaAt")) {
    const places = Float32Array.from({ length: TILE_QUESTIONS }, (_, i) => i);
    graph.constant("places", places, [TILE_QUESTIONS]);
  }
  if (!avoidsCast) return (holds) => graph.node("CastLike", [holds, countAbove]);
  if (reductions.includes("counts")) {
    graph.constant("yes", new Float32Array([1]), [1]);
    graph.constant("no", new Float32Array([0]), [1]);
  }
  return (holds) => graph.node("Where", [holds, "yes", "no"]);
}

/** Declares what the activation has of its own, once for all tiles. */
function declareParameters(graph: OnnxGraph, form: ActivationForm): void {
  const each = (name: string) => graph.input(name, "float32", ["features", 1]);
  if (form.scale) each("scale");
  if (form.offset) each("offset");
  if (form.floor) graph.input("floor", "float32", [1]);
  if (form.threshold === "none") return;
  graph.constant("nothing", new Float32Array([0]), [1]);
  if (isTopK(form)) each("numbers");
  else if (form.threshold === "each") each("threshold");
  else graph.input("threshold", "float32", [1]);
}

/** A step from p to z, both `[features, questions]`: of what it is so far, and of p; it gives what is next. */
type Step = (z: string, p: string, options: NodeOptions) => string;

/** The steps from p to z, without what the form does not have. */
function activationSteps(graph: OnnxGraph, form: ActivationForm | "relu"): Step[] {
  if (form === "relu") return [(z, _, options) => graph.node("Relu", [z], options)];
  const steps: Step[] = [];
  const by = (operator: string, other: string): Step => (z, _, options) =>
    graph.node(operator, [z, other], options);
  if (form.scale) steps.push(by("Mul", "scale"));
  if (form.offset) steps.push(by("Add", "offset"));
  if (form.floor) steps.push(by("Max", "floor"));
  if (form.threshold === "none") return steps;
  steps.push((z, p, options) => {
    const isKept = isTopK(form)
      ? isAmongLargest(graph, p, form)
      : graph.node("Greater", [p, "threshold"]);
    return graph.node("Where", [isKept, z, "nothing"], options);
  });
  return steps;
}

/** Whether p is above its question's threshold, or at it and of a feature that comes early enough. */
function isAmongLargest(graph: OnnxGraph, p: string, form: ActivationForm): string {
  const size = form.threshold === "magnitude" ? graph.node("Abs", [p]) : p;
  const [thresholds, ends] = ["thresholds", "ends"].map((name) =>
    graph.input(name, "float32", [1, "questions"])
  );
  const isAt = graph.node("Equal", [size, thresholds!]);
  const isEarly = graph.node("Less", ["numbers", ends!]);
  const isAbove = graph.node("Greater", [size, thresholds!]);
  return graph.node("Or", [isAbove, graph.node("And", [isAt, isEarly])]);
}
