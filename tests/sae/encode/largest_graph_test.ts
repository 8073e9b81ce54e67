import assert from "node:assert/strict";
import { createOrtSession } from "../../../lib/compute/ort_session.ts";
import { formOf } from "../../../lib/sae/activation.ts";
import {
  buildLargestGraph,
  largestFeeds,
  offerLargest,
} from "../../../lib/sae/encode/largest_graph.ts";
import { buildEncodeGraph } from "../../../lib/sae/encode/ort_graph.ts";
import { LargestFeatures, type TopK } from "../../../lib/sae/top_k.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

const RUNTIME = { backend: "cpu", threads: 2 } as const;
const [ROWS, FEATURES, WIDTH, QUESTIONS] = [300, 290, 40, 70];

for (const by of ["value", "magnitude"] as const) {
  Deno.test(`the largest by ${by} are those of the p that is cut, to the last bit, of equals the first`, async () => {
    // Each feature is there twice, so that p has equals; the last rows are none.
    const weight = new Float32Array(ROWS * WIDTH);
    const some = randomNumbers(FEATURES / 2 * WIDTH, 1);
    for (let row = 0; row < FEATURES; row++) {
      const own = row % (FEATURES / 2);
      weight.set(some.slice(own * WIDTH, (own + 1) * WIDTH), row * WIDTH);
    }
    const shared = {
      weight: { data: weight, shape: [ROWS, WIDTH] },
      bias: { data: new Float32Array(ROWS), shape: [ROWS, 1] },
      hidden: {
        data: Float32Array.from(randomNumbers(QUESTIONS * WIDTH, 2)),
        shape: [QUESTIONS, WIDTH],
      },
    };
    const encode = await createOrtSession(
      RUNTIME,
      await buildEncodeGraph(formOf({}), { reductions: ["sums"], isByFeature: false }),
    );
    const { kept_activations: p } = await encode.run({
      ...shared,
      count_above: { data: new Float32Array(1), shape: [1] },
      kept: { data: BigInt64Array.of(0n, BigInt(FEATURES)), shape: [2] },
    });
    await encode.release();
    const session = await createOrtSession(RUNTIME, await buildLargestGraph(by));
    for (const k of [1, 8, FEATURES, 1000]) {
      const topK: TopK = { k, by };
      const all = (count: number) => Array.from({ length: count }, () => new LargestFeatures(topK));
      const [offered, shown] = [all(QUESTIONS), all(QUESTIONS)];
      const found = await session.run({ ...shared, ...largestFeeds(FEATURES, k) });
      offerLargest(offered, found, 5);
      shown.forEach((each, i) => each.add(p!.subarray(i * FEATURES, (i + 1) * FEATURES), 5));
      if (k > FEATURES) { // more are to come
        for (const each of [...offered, ...shown]) each.add(new Float32Array(k), 5 + FEATURES);
      }
      assert.deepEqual(offered.map((each) => each.cutoff), shown.map((each) => each.cutoff));
    }
    await session.release();
  });
}
