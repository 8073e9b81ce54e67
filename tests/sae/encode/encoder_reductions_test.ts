/** What every backend makes of all activations: reductions of segments, columns, parts that are merged. */
import assert from "node:assert/strict";
import { openDevice } from "../../../lib/compute/device.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { LINEAR } from "../../../lib/sae/activation.ts";
import { createEncoder, encodeChecked } from "../../../lib/sae/encode/create_encoder.ts";
import type { EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { addReductions } from "../../../lib/sae/encode/merge_reductions.ts";
import { emptyReductions, EXTRA_REDUCTIONS } from "../../../lib/sae/encode/reductions.ts";
import { expectsGpu } from "../../support/gpu.ts";
import { ACTIVATIONS, GROUPS, inputWith } from "./float64_formula.ts";

/** The groups of {@linkcode GROUPS} by two persons, whose questions are no neighbours. */
const PERSONS = [1, 0, 1, 1];

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name:
      `Encoder.encode() reduces over segments of several groups what it is asked for on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const name of ["ReLU", "top-k"]) { // of which many are 0 and tie
        const input: EncodeInput = {
          ...inputWith(ACTIVATIONS[name]!(138), []),
          segments: PERSONS,
          also: EXTRA_REDUCTIONS,
          kept: { first: 0, count: 138 },
        };
        const { reductions, keptActivations } = await encodeChecked(encoder, input, {
          what: "it",
          device,
        });
        assert.deepEqual(reductions.groupSizes, [1, 128 + 129 + 300]);
        // What is kept is what is reduced, to the last bit: extremes and their questions are exact.
        PERSONS.forEach((_, person) => {
          if (person > 1) return;
          const questions = GROUPS.flatMap((size, group) =>
            Array<number>(size).fill(PERSONS[group]!)
          ).flatMap((own, question) => own === person ? [question] : []);
          for (let feature = 0; feature < 138; feature++) {
            const z = questions.map((question) => keptActivations[question * 138 + feature]!);
            const cell = person * 138 + feature;
            const [greatest, least] = [Math.max(...z), Math.min(...z)];
            assert.equal(reductions.maxima[cell], greatest);
            assert.equal(reductions.minima![cell], least);
            assert.equal(reductions.maximaAt![cell], questions[z.indexOf(greatest)]);
            assert.equal(reductions.minimaAt![cell], questions[z.indexOf(least)]);
            assert.equal(reductions.counts[cell], z.filter((value) => value > 0.1).length);
            const near = (found: number, values: number[]) => {
              const exact = values.reduce((a, b) => a + b);
              const size = values.reduce((a, b) => a + Math.abs(b), 0);
              assert(Math.abs(found - exact) <= 1e-5 * size + 1e-30, `${found} for ${exact}`);
            };
            near(reductions.sums[cell]!, z);
            near(reductions.squares![cell]!, z.map((value) => value * value));
          }
        });
      }
    },
  });

  Deno.test({
    name: `Encoder.encode() hands over all activations, some features at a time, on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const name of ["gated", "top-k by magnitude, scaled"]) {
        const input = inputWith(
          ACTIVATIONS[name]!(138),
          [77, 3].map((feature, group) => {
            return { feature, group };
          }),
        );
        const plain = await encoder.encode(input);
        const all = await encoder.encode({ ...input, kept: { first: 0, count: 138 } });
        const runs: number[][] = [];
        const { count: questions } = input.hidden;
        const encoded = await encodeChecked(encoder, {
          ...input,
          columnBytes: 4 * questions * 50, // 138 features in three runs
          columns: ({ first, count, questions: many, values }) => {
            assert.equal(many, questions);
            runs.push([first, count]);
            for (let feature = 0; feature < count; feature++) {
              for (let question = 0; question < questions; question++) {
                const found = values[feature * questions + question];
                const expected = all.keptActivations[question * 138 + first + feature];
                assert.equal(found, expected, `feature ${first + feature}, question ${question}`);
              }
            }
          },
        }, { what: "it", device });
        assert.deepEqual(runs, [[0, 48], [48, 48], [96, 42]]);
        assert.deepEqual(encoded, plain, `${name}: nothing else changes`);
      }
    },
  });

  Deno.test({
    name:
      `Encoder.encode() gives the same bytes where questions are divided between tiles on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const { hidden, sae, threshold } = inputWith(LINEAR, []);
      const { count, width } = hidden;
      const also = EXTRA_REDUCTIONS;
      const input = { hidden, groupSizes: [count], sae, threshold, also };
      const whole = await encoder.encode(input);
      const merged = emptyReductions(input, sae.featureCount, also);
      const cut = encoder.tileQuestions;
      for (const [first, size] of [[cut, count - cut], [0, cut]] as const) {
        const part = rowsInMemory(hidden.read(first, size), width);
        const { reductions } = await encoder.encode({ ...input, hidden: part, groupSizes: [size] });
        addReductions(merged, reductions, { firstQuestion: first });
      }
      assert.deepEqual({ ...merged, groupSizes: [count] }, whole.reductions);
    },
  });
}
