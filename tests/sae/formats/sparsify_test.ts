/** sparsify. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { config, state } from "./changes.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const format = "sparsify";
const isModule = /is taken for what the module adds to the residual stream/;
testOwnerCase("sparsify_groupmax", { format, architecture: "groupmax" });
testOwnerCase("sparsify_old_signed_false", { format, architecture: "topk" });
testOwnerCase("sparsify_sae_skip", { format, architecture: "topk", notes: [isModule] });
testOwnerCase("sparsify_transcoder_skip", {
  format,
  architecture: "topk transcoder",
  notes: [isModule],
});

const [WIDTH, FEATURES] = [3, 6];

function topK(): TestSae & { config: { fields: Record<string, unknown> } } {
  return {
    directory: "layers.10",
    weights: "sae.safetensors",
    state: {
      "encoder.weight": numbers(FEATURES, WIDTH),
      "encoder.bias": numbers(FEATURES),
      "W_dec": numbers(FEATURES, WIDTH),
      "b_dec": numbers(WIDTH),
    },
    config: {
      name: "cfg.json",
      fields: {
        activation: "topk",
        expansion_factor: 32,
        normalize_decoder: true,
        num_latents: FEATURES,
        k: 2,
        multi_topk: false,
        skip_connection: false,
        transcode: false,
        d_in: WIDTH,
      },
    },
  };
}

const REFUSED: Mutation[] = [
  ["another width", config({ d_in: 40 }), /d_in 40, but its encoder\.weight has width 3/],
  ["another number of latents", config({ num_latents: 9 }), /num_latents 9, but the number.* is 6/],
  [
    "another expansion",
    config({ num_latents: 0, expansion_factor: 3 }),
    /d_in × expansion_factor 9, but the number.* is 6/,
  ],
  ["k above the number of features", config({ k: 500 }), /k 500, expected 1 to 6/],
  ["k of 2^40", config({ k: 2 ** 40 }), /k 1099511627776, expected 1 to 6/],
  ["k of nothing", config({ k: 0 }), /k 0, expected 1 to 6/],
  ["a missing k", config({ k: undefined }), /cfg\.json: k is missing/],
  [
    "groups that do not divide the features",
    config({ activation: "groupmax", k: 4 }),
    /groupmax with k 4, which does not divide its 6 features/,
  ],
  [
    "an activation that it does not know",
    config({ activation: "batchtopk" }),
    /activation batchtopk, expected topk or groupmax/,
  ],
  [
    "a skip that the configuration denies",
    state({ W_skip: numbers(WIDTH, WIDTH) }),
    /skip_connection false, but .* holds W_skip/,
  ],
  ["a missing skip", config({ skip_connection: true }), /W_skip is missing/],
  [
    "a skip of another shape",
    (sae) => {
      config({ skip_connection: true })(sae);
      state({ W_skip: numbers(FEATURES, WIDTH) })(sae);
    },
    /W_skip has shape \[6, 3\], expected \[3, 3\]/,
  ],
  [
    "a missing b_dec",
    (sae) => {
      delete sae.state.b_dec;
    },
    /b_dec is missing/,
  ],
  [
    "a decoder that lies the other way",
    state({ W_dec: numbers(WIDTH, FEATURES) }),
    /W_dec has shape \[3, 6\], expected \[6, 3\]/,
  ],
  [
    "a missing configuration",
    (sae) => {
      delete sae.config;
    },
    /cfg\.json, which says how it encodes, is missing/,
  ],
  [
    "a file without tensors",
    (sae) => {
      sae.state = {};
    },
    /encoder\.weight is missing/,
  ],
  [
    "a decoder that is not finite",
    state({ W_dec: floats(Array(18).fill(Infinity), [FEATURES, WIDTH]) }),
    /W_dec holds Infinity/,
  ],
];

const FLAGGED: Mutation[] = [
  ["that it is signed", config({ signed: true, activation: undefined }), /says signed: as in 2024/],
  [
    "that it is signed and has an activation",
    config({ signed: true }),
    /both signed and activation topk: signed is followed/,
  ],
  ["what multi_topk changes", config({ multi_topk: true }), /multi_topk, which changes the loss/],
  [
    "that no folder says where it reads",
    (sae) => {
      sae.directory = "best";
    },
    /no folder in its path says where it reads/,
  ],
  [
    "what the embeddings are taken for",
    (sae) => {
      sae.directory = "embed_tokens";
    },
    /embed_tokens is taken for the input of block 0/,
  ],
  [
    "that a module is no site",
    (sae) => {
      sae.directory = "layers.3.mlp.act_fn";
    },
    /block 3's mlp\.act_fn, whose output is no site/,
  ],
  ["what tensors it does not read", state({ extra: numbers(2) }), /it holds extra, which/],
];

testMutations("sparsify", topK, { refused: REFUSED, flagged: FLAGGED });

Deno.test("sparsify keeps the signs of a signed SAE", async () => {
  using directory = new TemporaryDirectory();
  const sae = topK();
  config({ signed: true })(sae);
  const { activation } = await (await openSae(writeSae(directory, sae))).read();
  assert.deepEqual(activation, { threshold: { k: 2, by: "magnitude" } });
});

Deno.test("sparsify's site is that of the nearest folder that names a module", async () => {
  const cases = [
    ["layers.3/seed1", { block: 3, point: "post" }],
    ["layers.3/h.5.attn", { block: 5, point: "attn_out" }],
    ["best/gpt_neox.layers.4/gpt_neox.layers.4", { block: 4, point: "post" }],
  ] as const;
  for (const [path, site] of cases) {
    using directory = new TemporaryDirectory();
    const opened = await openSae(writeSae(directory, { ...topK(), directory: path }));
    assert.deepEqual(opened.site, site);
  }
});

Deno.test("a transcoder of sparsify's reads the module's input and predicts its output", async () => {
  using directory = new TemporaryDirectory();
  const sae = topK();
  config({ transcode: true })(sae);
  const opened = await openSae(writeSae(directory, sae));
  assert.deepEqual(opened.site, { block: 10, point: "pre" });
  assert.deepEqual(opened.predicts?.site, { block: 10, point: "post" });
  assert.deepEqual((await opened.read()).input, []);
});
