/** Qwen-Scope. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { state, without } from "./changes.ts";
import { floats, integer, numbers, testMutations, type TestSae, writeSae } from "./mutations.ts";

const [WIDTH, FEATURES] = [3, 4];

function qwen(): TestSae {
  return {
    directory: "SAE-Res-Qwen3-W64K-L0_2",
    weights: "layer3.sae.pt",
    state: {
      W_enc: numbers(FEATURES, WIDTH),
      b_enc: numbers(FEATURES),
      W_dec: numbers(WIDTH, FEATURES),
      b_dec: numbers(WIDTH),
    },
    asFile: true,
  };
}

const folder = (directory: string) => (sae: TestSae) => {
  sae.directory = directory;
};

testMutations("Qwen-Scope", qwen, {
  refused: [
    ["a k that nothing says", folder("layers"), /does not say how many features .*L0_50/],
    ["a k of 0", folder("W64K-L0_0"), /k is 0, expected 1 to 4/],
    ["a k above the features", folder("W64K-L0_50"), /k is 50, expected 1 to 4/],
    ["an encoder the other way", state({ W_enc: numbers(3, 4) }), /W_dec has shape \[3, 4\]/],
    ["a decoder the other way", state({ W_dec: numbers(4, 3) }), /W_dec has shape \[4, 3\]/],
    ["an encoder that is no matrix", state({ W_enc: numbers(4) }), /W_enc .* expected a matrix/],
    ["a bias of another number", state({ b_enc: numbers(3) }), /b_enc has shape \[3\]/],
    ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
    ["a missing W_dec", without("W_dec"), /W_dec is missing/],
    ["a missing b_enc", without("b_enc"), /b_enc is missing/],
    ["a missing b_dec", without("b_dec"), /b_dec is missing/],
    ["NaN", state({ W_enc: floats(Array(12).fill(NaN), [4, 3]) }), /W_enc holds NaN/],
    [
      "infinity in the decoder",
      state({ W_dec: floats(Array(12).fill(Infinity), [3, 4]) }),
      /W_dec holds Infinity/,
    ],
    ["one number for a bias", state({ b_enc: integer(1) }), /b_enc has shape \[\]/],
  ],
  flagged: [
    ["what it does not read", state({ threshold: numbers(FEATURES) }), /it holds threshold/],
    [
      "that a square encoder may lie the other way",
      (sae) => {
        // Features read along their rows what they write along their rows: columns would be right.
        const turned = [[0, 0, 1], [1, 0, 0], [0, 1, 0]].flat();
        sae.state = {
          W_enc: floats(turned, [3, 3]),
          b_enc: numbers(3),
          W_dec: floats(turned, [3, 3]),
          b_dec: numbers(3),
        };
      },
      /W_enc is 3 × 3, .* turned round/,
    ],
  ],
});

Deno.test("Qwen-Scope takes the k that is given, and says if its path says another", async () => {
  using directory = new TemporaryDirectory();
  const path = writeSae(directory, qwen());
  const { notes, read } = await openSae(path, { k: 3 });
  assert.match(notes.join(), /path says that 2 features .* kept, but k is given as 3/);
  assert.deepEqual((await read()).activation.threshold, { k: 3, by: "value" });
});
