/** The encoder on ONNX Runtime: what the machine's cores must not change, and what it runs on which build. */
import assert from "node:assert/strict";
import { InferenceSession } from "onnxruntime-web";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { RELU } from "../../../lib/sae/activation.ts";
import { EXTRA_REDUCTIONS } from "../../../lib/sae/encode/reductions.ts";
import { randomInput } from "./float64_formula.ts";

const ACTIVATIONS = [
  RELU,
  { threshold: 0.5 },
  { threshold: { k: 20, by: "value" }, floor: 0 },
] as const;

Deno.test("OrtEncoder.encode() gives the same bytes with any number of threads", async () => {
  // More features than a run has with 8 threads, and fewer than with 32.
  const { sae, ...input } = randomInput("supervised", { width: 40, freeCount: 9000, slotCount: 5 });
  for (const activation of ACTIVATIONS) {
    const [first, ...others] = await Promise.all([1, 2, 8, 32].map(async (threads) => {
      await using encoder = new OrtEncoder({ backend: "cpu", threads });
      return await encoder.encode({ ...input, sae: { ...sae, activation } });
    }));
    for (const other of others) assert.deepEqual(other, first);
  }
});

Deno.test("OrtEncoder has no Cast run in WebAssembly, which V8 takes 110 MiB to compile again", async () => {
  const { create } = InferenceSession;
  const graphs: string[] = [];
  const read = (graph: Uint8Array, options: InferenceSession.SessionOptions) => {
    graphs.push(new TextDecoder("latin1").decode(graph));
    return create.call(InferenceSession, graph, options);
  };
  InferenceSession.create = read as typeof create;
  try {
    const { sae, ...input } = randomInput("supervised", { width: 8, freeCount: 50, slotCount: 5 });
    await using encoder = new OrtEncoder({ backend: "wasm", threads: 1 });
    for (const activation of ACTIVATIONS) {
      await encoder.encode({ ...input, sae: { ...sae, activation } });
    }
  } finally {
    InferenceSession.create = create;
  }
  assert(graphs.length >= ACTIVATIONS.length);
  for (const graph of graphs) assert.match(graph, /Gemm/);
  for (const graph of graphs) assert.doesNotMatch(graph, /Cast/);
});

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`OrtEncoder gives a state the same features however many lie beside it (${backend})`, async () => {
    const width = 300; // more than ONNX Runtime adds at once
    const { sae } = randomInput("supervised", { width, freeCount: 90, slotCount: 5 });
    const state = Float32Array.from({ length: width }, (_, i) => Math.sin(7 * i * i));
    const groupSizes = [1, 10, 40, 64, 65, 200, 300];
    const count = groupSizes.reduce((sum, size) => sum + size, 0);
    const read = (_: number, some: number) =>
      Float32Array.from({ length: some * width }, (_, i) => state[i % width]!);
    const hidden = { count, width, read };
    await using encoder = new OrtEncoder({ backend, threads: 1 });
    for (const activation of ACTIVATIONS) {
      const { reductions: { maxima, counts } } = await encoder.encode({
        hidden,
        groupSizes,
        sae: { ...sae, activation },
        threshold: 0,
      });
      const { featureCount } = sae;
      const rowOf = <T extends Float32Array | Uint32Array>(values: T, group: number) =>
        values.subarray(group * featureCount, (group + 1) * featureCount);
      groupSizes.forEach((size, group) => {
        assert.deepEqual(rowOf(maxima, group), rowOf(maxima, 0), `${size} states`);
        const once = Uint32Array.from(rowOf(counts, 0), (count) => count * size);
        assert.deepEqual(Uint32Array.from(rowOf(counts, group)), once, `${size} states`);
      });
    }
  });
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`OrtEncoder reduces small groups that it encodes together as each by itself (${backend})`, async () => {
    const width = 300;
    const { sae } = randomInput("supervised", { width, freeCount: 90, slotCount: 5 });
    const groupSizes = [...Array<number>(17).fill(3), 5, 70, 2, 60, 60, 60, 60, 60];
    const count = groupSizes.reduce((sum, size) => sum + size, 0);
    const states = Float32Array.from({ length: count * width }, (_, i) => Math.sin(7 * i * i));
    const rowsFrom = (start: number, count: number) => ({
      count,
      width,
      read: (first: number, some: number) =>
        states.slice((start + first) * width, (start + first + some) * width),
    });
    await using encoder = new OrtEncoder({ backend, threads: 1 });
    for (const activation of ACTIVATIONS) {
      const how = { sae: { ...sae, activation }, threshold: 0, also: EXTRA_REDUCTIONS };
      const { featureCount, targets } = sae;
      const all = await encoder.encode({ ...how, hidden: rowsFrom(0, count), groupSizes });
      let first = 0;
      for (const [group, size] of groupSizes.entries()) {
        const hidden = rowsFrom(first, size);
        const one = await encoder.encode({ ...how, hidden, groupSizes: [size] });
        const own = <T extends { subarray(from: number, to: number): T }>(values: T) =>
          values.subarray(group * featureCount, (group + 1) * featureCount);
        for (const name of ["sums", "maxima", "counts", "squares", "minima"] as const) {
          const [found, wanted] = [all, one].map(({ reductions }) => reductions[name]!);
          assert.deepEqual([...own(found as Float32Array)], [...wanted!], `${name} of ${size}`);
        }
        for (const name of ["maximaAt", "minimaAt"] as const) {
          const at = Array.from(own(all.reductions[name]!), (question) => question - first);
          assert.deepEqual(at, [...one.reductions[name]!], `${name} of ${size}`);
        }
        const [from, to] = [first, first + size].map((question) => question * targets.length);
        assert.deepEqual(all.keptActivations.subarray(from, to), one.keptActivations);
        first += size;
      }
    }
  });
}
