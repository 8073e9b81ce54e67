/** State dicts with their configuration beside them. */
import { config, state, without } from "./changes.ts";
import { floats, numbers, testMutations, type TestSae, torchFileOf } from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

testOwnerCase("connor_rob_hook_z", { format: "state dict with _cfg.json", architecture: "relu" });

const [WIDTH, FEATURES] = [3, 4];

function sae(): TestSae {
  return {
    directory: "attention",
    weights: "L5_Hcat_z_v9.pt",
    state: {
      W_enc: numbers(WIDTH, FEATURES),
      b_enc: numbers(FEATURES),
      W_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
    },
    config: {
      name: "L5_Hcat_z_v9_cfg.json",
      fields: {
        act_size: WIDTH,
        dict_size: FEATURES,
        act_name: "blocks.5.attn.hook_z",
        layer: 5,
        concat_heads: true,
      },
    },
  };
}

testMutations("state dict with _cfg.json", sae, {
  refused: [
    ["another width", config({ act_size: 5 }), /act_size 5, but its tensors have width 3/],
    ["another number of features", config({ dict_size: 5 }), /dict_size 5, but .* is 4/],
    ["single heads", config({ concat_heads: false }), /concat_heads false: .* single heads/],
    ["a configuration that is none", config({ act_size: "three" }), /act_size: /],
    ["a decoder the other way", state({ W_dec: numbers(3, 4) }), /W_dec has shape \[3, 4\]/],
    ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
    ["a b_enc of another number", state({ b_enc: numbers(3) }), /b_enc has shape \[3\]/],
    ["no b_enc", without("b_enc"), /b_enc is missing/],
    ["no b_dec", without("b_dec"), /b_dec is missing/],
    ["NaN", state({ W_enc: floats(Array(12).fill(NaN), [3, 4]) }), /W_enc holds NaN/],
    ["infinity", state({ b_dec: floats([0, Infinity, 0]) }), /b_dec holds Infinity/],
    [
      "two SAEs",
      (sae) => {
        sae.others = { "b.pt": torchFileOf(sae.state), "b_cfg.json": "{}" };
      },
      /holds 2 SAEs \(L5_Hcat_z_v9\.pt, b\.pt\): name the file/,
    ],
  ],
  flagged: [
    ["that no hook is named", config({ act_name: undefined }), /has no act_name/],
    ["that layers disagree", config({ layer: 4 }), /says layer 4, but act_name blocks\.5/],
    ["what it does not read", state({ W_other: numbers(2) }), /it holds W_other/],
  ],
});
