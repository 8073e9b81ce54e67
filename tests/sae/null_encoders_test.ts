import assert from "node:assert/strict";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import {
  neurons,
  projections,
  randomEncoder,
  sampleFeatures,
} from "../../lib/sae/null_encoders.ts";
import { RandomDirections } from "../../lib/sae/random_directions.ts";
import type { Sae } from "../../lib/sae/sae.ts";

function saeOf(rows: readonly number[][], activation: Sae["activation"] = {}): Sae {
  const width = rows[0]!.length;
  return {
    width,
    featureCount: rows.length,
    rows: wholeRows(Float32Array.from(rows.flat()), width),
    bias: Float32Array.from(rows, (_, i) => i),
    input: [{ kind: "centre" }],
    activation,
    targets: [{ feature: 0, group: 0 }],
  };
}

Deno.test("few features are all taken; of many, runs of 16 that lie evenly", () => {
  assert.deepEqual(sampleFeatures(5, 32), [0, 1, 2, 3, 4]);
  const some = sampleFeatures(10_006, 64);
  assert.equal(new Set(some).size, 64);
  assert.deepEqual(some.slice(0, 17), [...Array(16).keys(), 2496]);
  assert(some.every((feature, i) => i === 0 || feature > some[i - 1]!) && some.at(-1)! < 10_006);
});

Deno.test("a random encoder has the SAE's lengths, biases, thresholds and input", async () => {
  const threshold = Float32Array.of(0.1, 0.2, 0.3);
  const sae = saeOf([[3, 4], [0, 1], [6, 8]], { threshold });
  const random = await randomEncoder(sae, [0, 2], new RandomDirections(4));
  const rows = await random.rows.read(0, 2);
  const lengths = [0, 2].map((at) => Math.hypot(rows[at]!, rows[at + 1]!));
  lengths.forEach((length, i) => assert(Math.abs(length - [5, 10][i]!) < 1e-5));
  assert.deepEqual(random.bias, Float32Array.of(0, 2));
  assert.deepEqual(random.activation.threshold, Float32Array.of(threshold[0]!, threshold[2]!));
  assert.deepEqual([random.featureCount, random.input, random.targets], [2, sae.input, []]);
});

Deno.test("where so many features of a question are kept, the same share is, one at least", async () => {
  const rows = Array.from({ length: 10 }, () => [1, 0]);
  const kOf = async (
    threshold: { k: number; by: "value"; groups?: number },
    features: number[],
  ) => {
    const { activation } = await randomEncoder(
      saeOf(rows, { threshold }),
      features,
      new RandomDirections(1),
    );
    return activation.threshold;
  };
  assert.deepEqual(await kOf({ k: 4, by: "value" }, [0, 1, 2, 3, 4]), { k: 2, by: "value" });
  assert.deepEqual(await kOf({ k: 1, by: "value" }, [0]), { k: 1, by: "value" });
  assert.deepEqual(await kOf({ k: 2, by: "value", groups: 2 }, [0, 5]), { k: 1, by: "value" });
});

Deno.test("neurons are the numbers themselves, and projections products with directions", async () => {
  assert.deepEqual(await neurons(3).rows.read(1, 2), Float32Array.of(0, 1, 0, 0, 0, 1));
  const { featureCount, bias, activation } = projections(Float32Array.of(1, 0, 0, 1), 2);
  assert.deepEqual([featureCount, bias, activation], [2, new Float32Array(2), {}]);
});

Deno.test("a random encoder has a second product and picks as the SAE does, by the same share", async () => {
  const plain = saeOf([[3, 4], [0, 1], [6, 8], [1, 0]]);
  const glu = { rows: wholeRows(Float32Array.of(2, 0, 0, 3, 0, 0, 5, 0), 2), bias: plain.bias };
  const pursuit = { mostPicks: 10, leastLength: 0.5, stopsAtRepeat: true };
  const random = await randomEncoder({ ...plain, glu, pursuit }, [0, 1], new RandomDirections(4));
  const [own, second] = [await random.rows.read(0, 2), await random.glu!.rows.read(0, 2)];
  const lengthOf = (rows: Float32Array, i: number) => Math.hypot(rows[2 * i]!, rows[2 * i + 1]!);
  [2, 3].forEach((length, i) => assert(Math.abs(lengthOf(second, i) - length) < 1e-6));
  // Not the same directions twice.
  const cosine = (own[0]! * second[0]! + own[1]! * second[1]!) / (5 * 2);
  assert(Math.abs(cosine) < 0.999);
  assert.deepEqual(random.glu!.bias, Float32Array.of(0, 1));
  assert.deepEqual(random.pursuit, { ...pursuit, mostPicks: 5 });
});
