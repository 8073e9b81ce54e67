import assert from "node:assert/strict";
import { LargestFeatures, type TopK } from "../../lib/sae/top_k.ts";
import { randomNumbers } from "../support/tiny_model.ts";

/** What is kept, by sorting. */
function sorted(p: readonly number[], { k, by }: TopK): number[] {
  const size = by === "magnitude" ? Math.abs : (x: number) => x;
  const order = p.map((_, i) => i).sort((a, b) => size(p[b]!) - size(p[a]!) || a - b);
  return order.slice(0, k).sort((a, b) => a - b);
}

function kept(p: readonly number[], topK: TopK, step: number): number[] {
  const largest = new LargestFeatures(topK);
  for (let at = 0; at < p.length; at += step) {
    largest.add(Float64Array.from(p.slice(at, at + step)), at);
  }
  const { threshold, end } = largest.cutoff;
  const size = topK.by === "magnitude" ? Math.abs : (x: number) => x;
  return p.map((_, i) => i)
    .filter((i) => size(p[i]!) > threshold || size(p[i]!) === threshold && i < end);
}

for (const by of ["value", "magnitude"] as const) {
  Deno.test(`LargestFeatures keeps the k largest by ${by}, the lower of equals, shown piecemeal`, () => {
    // Twenty numbers, each of which comes up several times.
    const p = [...randomNumbers(300, 1)].map((x) => Math.round(x * 10));
    for (const k of [1, 2, 7, 50, 299, 300]) {
      for (const step of [1, 13, 300]) {
        assert.deepEqual(kept(p, { k, by }, step), sorted(p, { k, by }), `k ${k}, step ${step}`);
      }
    }
  });
}

Deno.test("LargestFeatures keeps the same of the largest of each run of features", () => {
  const p = [...randomNumbers(300, 1)].map((x) => Math.round(x * 10));
  for (const k of [1, 7, 50, 300]) {
    for (const step of [1, 13, 300]) {
      const [all, offered] = [1, 2].map(() => new LargestFeatures({ k, by: "value" }));
      for (let at = 0; at < p.length; at += step) {
        const run = p.slice(at, at + step);
        all!.add(Float64Array.from(run), at);
        const order = run.map((_, i) => i).sort((a, b) => run[b]! - run[a]! || a - b).slice(0, k);
        const sizes = Float32Array.from(order, (i) => run[i]!);
        offered!.offer(sizes, Float32Array.from(order), at);
      }
      assert.deepEqual(offered!.cutoff, all!.cutoff, `k ${k}, step ${step}`);
    }
  }
});
