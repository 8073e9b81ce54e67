import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { RELU } from "../../../lib/sae/activation.ts";
import type { EncodeTask } from "../../../lib/sae/encode/encode_task.ts";
import { encodeParts, type PartEncoder } from "../../../lib/sae/encode/encode_parts.ts";
import { addTile, emptyReductions, type Reduction } from "../../../lib/sae/encode/reductions.ts";
import { tileQuestions } from "../../../lib/sae/encode/question_tiles.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

const [WIDTH, FEATURES, TILE] = [3, 200, 8];
const GROUPS = [5, 20, 9, 1];
const QUESTIONS = GROUPS.reduce((sum, size) => sum + size);

const TASK: EncodeTask = {
  hidden: rowsInMemory(randomNumbers(QUESTIONS * WIDTH, 1), WIDTH),
  groupSizes: GROUPS,
  segments: [1, 0, 1, 2],
  sae: {
    width: WIDTH,
    featureCount: FEATURES,
    rows: wholeRows(randomNumbers(FEATURES * WIDTH, 2), WIDTH),
    bias: randomNumbers(FEATURES, 3),
    activation: RELU,
    input: [],
    targets: [],
  },
  threshold: 0.1,
  also: ["squares", "minima", "maximaAt"],
  kept: { first: 30, count: 110 },
};

/** A backend that computes one activation after the other. */
const encode: PartEncoder = async (task) => {
  const { hidden, sae: { featureCount, rows, bias }, threshold, also, kept } = task;
  const weight = await rows.read(0, featureCount);
  const reductions = emptyReductions(task, featureCount, also);
  const keptActivations = new Float32Array(hidden.count * kept.count);
  for (const { segment, first, count } of tileQuestions(task, TILE)) {
    const states = hidden.read(first, count);
    for (let feature = 0; feature < featureCount; feature++) {
      const z = Array.from({ length: count }, (_, question) => {
        let p = bias[feature]!;
        for (let i = 0; i < WIDTH; i++) {
          p += weight[feature * WIDTH + i]! * states[question * WIDTH + i]!;
        }
        return Math.fround(Math.max(0, p));
      });
      const all: Partial<Record<Reduction, number>> = {
        sums: z.reduce((sum, value) => sum + value),
        squares: z.reduce((sum, value) => sum + value ** 2, 0),
        maxima: Math.max(...z),
        minima: Math.min(...z),
        maximaAt: z.indexOf(Math.max(...z)),
        counts: z.filter((value) => value > threshold).length,
      };
      const found = (name: Reduction) => name in all ? Float32Array.of(all[name]!) : undefined;
      addTile(reductions, { segment, first, firstFeature: feature }, found);
      if (feature < kept.first || feature >= kept.first + kept.count) continue;
      z.forEach((value, question) => {
        keptActivations[(first + question) * kept.count + feature - kept.first] = value;
      });
    }
  }
  return { reductions, keptActivations, cutoffs: undefined };
};

/** The same, but that others come before it now and then. */
const encodeLater: PartEncoder = async (task) => {
  await new Promise((resolve) => setTimeout(resolve, task.sae.featureCount % 3));
  return await encode(task);
};

Deno.test("encodeParts() gives the same whoever takes which part, and whatever parts there are", async () => {
  const expected = await encode(TASK);
  const takers = [[encode], [encode, encodeLater], [encodeLater, encode, encodeLater]];
  for (const stateBytes of [undefined, 2 * TILE * WIDTH * 4]) {
    for (const [most, least] of [[512, 128], [64, 16], [16, 16]] as const) {
      for (const each of takers) {
        const sizes = { tileQuestions: TILE, most, least, stateBytes };
        assert.deepEqual(await encodeParts(TASK, each, sizes), expected);
      }
    }
  }
});

Deno.test("encodeParts() throws what a taker throws, and nobody takes another part", async () => {
  let taken = 0;
  const fails: PartEncoder = () => Promise.reject(new Error("it failed"));
  const counts: PartEncoder = (task) => {
    taken++;
    return encodeLater(task);
  };
  const sizes = { tileQuestions: TILE, most: 16, least: 16 };
  await assert.rejects(encodeParts(TASK, [counts, fails], sizes), /it failed/);
  assert.equal(taken, 1);
});
