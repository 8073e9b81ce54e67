/** SAELens' matching pursuit. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { config, state, without } from "./changes.ts";
import { floats, numbers, testMutations, type TestSae, writeSae } from "./mutations.ts";
import { scaler, standard, WIDTH } from "./saelens_files.ts";

/** Matching pursuit: what features read is what they write. */
function pursuit(): TestSae {
  const sae = standard();
  const { W_dec, b_dec } = sae.state;
  return {
    ...sae,
    state: { W_dec, b_dec },
    config: {
      name: "cfg.json",
      fields: {
        ...sae.config!.fields,
        architecture: "matching_pursuit",
        residual_threshold: 0.5,
        max_iterations: null,
        stop_on_duplicate_support: true,
      },
    },
  };
}

testMutations("SAELens' matching pursuit", pursuit, {
  refused: [
    ["a missing decoder", without("W_dec"), /W_dec is missing/],
    [
      "a decoder the other way",
      state({ W_dec: numbers(3, 4) }),
      /b_dec has shape \[3\], expected \[4\]/,
    ],
    ["another d_sae", config({ d_sae: 5 }), /its W_dec is 4 × 3, but .* says d_in 3 and d_sae 5/],
    ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
    ["no picks", config({ max_iterations: 0 }), /max_iterations: /],
    ["picks that are no integer", config({ max_iterations: 1.5 }), /max_iterations: /],
    ["a threshold that is no number", config({ residual_threshold: "x" }), /residual_threshold: /],
    [
      "NaN",
      state({ W_dec: floats(Array(12).fill(NaN), [4, 3]) }),
      /W_dec holds NaN/,
    ],
    [
      "a skip connection",
      state({ W_skip: numbers(3, 3) }),
      /says matching_pursuit, but it has a W_skip/,
    ],
    [
      "a checkpoint whose scale is not folded",
      scaler('{ "scaling_factor": 0.5 }'),
      /scale of the input is not folded .*save_inference_model/,
    ],
  ],
  flagged: [
    ["an encoder, which it does not read", state({ W_enc: numbers(3, 4) }), /it holds W_enc/],
    ["that the type differs", config({ dtype: "float16" }), /float16, but W_dec is float32/],
  ],
});

Deno.test("SAELens' matching pursuit picks up to as many features as a state has numbers, and adds b_dec where it was subtracted", async () => {
  using directory = new TemporaryDirectory();
  const sae = pursuit();
  const opened = await openSae(writeSae(directory, sae));
  const { pursuit: read, input } = await opened.read();
  assert.deepEqual(read, { mostPicks: WIDTH, leastLength: 0.5, stopsAtRepeat: true });
  assert.deepEqual(input.map(({ kind }) => kind), ["subtract"]);
  assert((await opened.readDecoder())!.bias.some((b) => b !== 0));
  config({ apply_b_dec_to_input: false, residual_threshold: -1, max_iterations: 2 })(sae);
  const plain = await openSae(writeSae(directory, sae));
  const { pursuit: other, input: steps } = await plain.read();
  assert.deepEqual(other, { mostPicks: 2, leastLength: 0, stopsAtRepeat: true });
  assert.deepEqual(steps, []);
  assert((await plain.readDecoder())!.bias.every((b) => b === 0));
});
