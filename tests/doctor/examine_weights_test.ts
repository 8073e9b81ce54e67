import assert from "node:assert/strict";
import { Doubles } from "../../lib/doctor/doubles.ts";
import { examineWeights } from "../../lib/doctor/examine_weights.ts";
import { RELU } from "../../lib/sae/activation.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { decoderOf, type Sae } from "../../lib/sae/sae.ts";
import { randomNumbers } from "../support/tiny_model.ts";

const [WIDTH, COUNT] = [100, 200];

function turned(rows: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(rows, (_, i) => rows[(i % COUNT) * WIDTH + Math.floor(i / COUNT)]!);
}

function saeOf(encoder: Float32Array<ArrayBuffer>): Sae {
  return {
    width: WIDTH,
    featureCount: COUNT,
    rows: wholeRows(encoder, WIDTH),
    bias: new Float32Array(COUNT),
    input: [],
    activation: RELU,
    targets: [],
  };
}

const decoderFor = (rows: Float32Array) =>
  decoderOf({ weight: turned(rows), bias: new Float32Array(WIDTH) });

Deno.test("examineWeights() finds nothing where features read what they write", async () => {
  const rows = randomNumbers(COUNT * WIDTH, 1);
  const { lengths, doubles, cosine, findings } = await examineWeights(
    saeOf(rows),
    decoderFor(rows),
  );
  assert.deepEqual([doubles, lengths!.empty, findings], [0, 0, []]);
  assert(Math.abs(cosine! - 1) < 1e-6);
  assert(lengths!.least < lengths!.median && lengths!.median < lengths!.greatest);
});

Deno.test("examineWeights() counts features that write nothing, or what another one writes", async () => {
  const rows = randomNumbers(COUNT * WIDTH, 1);
  for (let feature = 0; feature < 10; feature++) {
    const own = rows.subarray(feature * WIDTH, (feature + 1) * WIDTH);
    rows.set(own.map((x) => 3 * x), (100 + feature) * WIDTH);
  }
  rows.fill(0, 150 * WIDTH, 152 * WIDTH);
  const { doubles, findings } = await examineWeights(saeOf(rows), decoderFor(rows));
  assert.equal(doubles, 10);
  assert.match(findings[0]!.text, /^2 of 200 features have a decoder of zeros/);
  assert.match(findings[1]!.text, /^10 of 200 features \(5\.0 %\) write in the same direction/);
});

Deno.test("examineWeights() sees that encoder and decoder are of two SAEs", async () => {
  const [encoder, decoder] = [1, 2].map((seed) => randomNumbers(COUNT * WIDTH, seed * 7919));
  const { findings } = await examineWeights(saeOf(encoder!), decoderFor(decoder!));
  assert.match(findings[0]!.text, /unrelated directions \(mean cosine -?0\.0/);
});

Deno.test("Doubles takes opposite directions, and merely similar ones, for two", () => {
  const [one, other] = [randomNumbers(WIDTH, 1), randomNumbers(WIDTH, 2)];
  const doubles = new Doubles(WIDTH, 3);
  doubles.add(one);
  doubles.add(one.map((x) => -x));
  doubles.add(one.map((x, i) => x + 0.5 * other[i]!));
  assert.equal(doubles.count, 0);
});
