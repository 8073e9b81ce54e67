/** OpenAI's SAEs of GPT-2. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { state, without } from "./changes.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

testOwnerCase("openai_topk_saved_today", { format: "OpenAI", architecture: "topk" });
testOwnerCase("openai_state_dict_only", {
  format: "OpenAI",
  architecture: "relu",
  notes: [/no folder in its path says where it reads/, /it says no activation/],
});

const [WIDTH, FEATURES] = [3, 4];

function topK(): TestSae {
  return {
    directory: "gpt2-small/resid_post_mlp_v5_32k/autoencoders",
    weights: "3.pt",
    asFile: true,
    state: {
      "pre_bias": numbers(WIDTH),
      "latent_bias": numbers(FEATURES),
      "stats_last_nonzero": numbers(FEATURES),
      "encoder.weight": numbers(FEATURES, WIDTH),
      "decoder.weight": numbers(WIDTH, FEATURES),
      "activation": "TopK",
      "activation_state_dict": { k: 2, postact_fn: "ReLU" },
    },
  };
}

const REFUSED: Mutation[] = [
  ["a missing k", state({ activation_state_dict: {} }), /activation_state_dict does not say k/],
  [
    "k above the number of features",
    state({ activation_state_dict: { k: 5 } }),
    /k 5, expected 1 to 4/,
  ],
  ["a k that is a text", state({ activation_state_dict: { k: "2" } }), /k is 2, expected a number/],
  ["half a feature", state({ activation_state_dict: { k: 1.5 } }), /k 1\.5, expected 1 to 4/],
  [
    "two k that differ",
    state({ "activation.k": 3 }),
    /activation_state_dict says k 2, but its activation\.k is 3/,
  ],
  [
    "two functions that differ",
    state({ "activation.postact_fn": "Identity" }),
    /says postact_fn ReLU, but its activation\.postact_fn is Identity/,
  ],
  [
    "a function that it does not know",
    state({ activation_state_dict: { k: 2, postact_fn: "GELU" } }),
    /postact_fn is GELU, expected ReLU or Identity/,
  ],
  [
    "an activation that it does not know",
    state({ activation: "JumpReLU" }),
    /activation is JumpReLU, expected ReLU or TopK/,
  ],
  [
    "ReLU with a k",
    state({ activation: "ReLU" }),
    /says activation ReLU, but its activation_state_dict k 2/,
  ],
  [
    "a decoder that lies the other way",
    state({ "decoder.weight": numbers(FEATURES, WIDTH) }),
    /decoder\.weight has shape \[4, 3\], expected \[3, 4\]/,
  ],
  ["a bias of another length", state({ pre_bias: numbers(4) }), /pre_bias has shape \[4\]/],
  ["a missing decoder", without("decoder.weight"), /decoder\.weight is missing/],
  ["a missing encoder", without("encoder.weight"), /encoder\.weight is missing/],
  [
    "a decoder that is not finite",
    state({ "decoder.weight": floats(Array(12).fill(-Infinity), [WIDTH, FEATURES]) }),
    /decoder\.weight holds -Infinity at position 0/,
  ],
];

const FLAGGED: Mutation[] = [
  [
    "that its path does not say where it reads",
    (sae) => {
      sae.directory = "downloads";
    },
    /no folder in its path says where it reads/,
  ],
  [
    "that it says no activation",
    (sae) => {
      without("activation")(sae);
      without("activation_state_dict")(sae);
    },
    /it says no activation: it is taken for ReLU/,
  ],
  ["what tensors it does not read", state({ W_skip: numbers(2) }), /it holds W_skip, which/],
];

testMutations("OpenAI", topK, { refused: REFUSED, flagged: FLAGGED });

Deno.test("OpenAI's TopK with Identity keeps negative features, and ReLU has no layer norm", async () => {
  using directory = new TemporaryDirectory();
  const identity = topK();
  state({ activation_state_dict: { k: 2, postact_fn: "Identity" } })(identity);
  const { activation } = await (await openSae(writeSae(directory, identity))).read();
  assert.deepEqual(activation, { threshold: { k: 2, by: "value" } });
  const relu = topK();
  state({ activation: "ReLU", activation_state_dict: {} })(relu);
  const { input } = await (await openSae(writeSae(directory, relu))).read();
  assert.deepEqual(input.map(({ kind }) => kind), ["subtract"]);
});

Deno.test("OpenAI's site is said by the folder, whatever its version", async () => {
  const cases = [
    ["resid_post_mlp_v5_128k", { block: 3, point: "post" }],
    ["resid_post_attn_v5_32k", { block: 3, point: "mid" }],
    ["resid_delta_mlp_v4", { block: 3, point: "mlp_out" }],
    ["resid_delta_attn", { block: 3, point: "attn_out" }],
    ["mlp_post_act", undefined],
  ] as const;
  for (const [location, site] of cases) {
    using directory = new TemporaryDirectory();
    const path = writeSae(directory, { ...topK(), directory: `${location}/autoencoders` });
    const opened = await openSae(path);
    assert.deepEqual(opened.site, site);
    assert.equal(opened.siteInWords, `${location.replace(/_v.*/, "")}, layer 3`);
    const folder = path.slice(0, path.lastIndexOf("/"));
    assert.deepEqual((await openSae(folder)).site, site, "the folder of one file");
  }
});
