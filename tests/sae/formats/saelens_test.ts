/** SAELens, of all versions. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { RawPickle } from "../../support/torch_file.ts";
import { config, state, together, without } from "./changes.ts";
import {
  floats,
  integer,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const format = "SAELens";
testOwnerCase("sl0_pickle_pt", { format, architecture: "standard" });
testOwnerCase("sl3_finetuned_scaling", { format, architecture: "standard" });
testOwnerCase("sl6_constant_norm", { format, architecture: "standard" });
testOwnerCase("sl6_matching_pursuit", { format, architecture: "matching_pursuit" });
testOwnerCase("sl6_topk_rescale", { format, architecture: "topk" });
testOwnerCase("sl6_transcoder", { format, architecture: "transcoder" });
testOwnerCase("sl6_skip_transcoder", { format, architecture: "skip_transcoder" });
testOwnerCase("sl6_checkpoint_batchtopk", {
  format,
  architecture: "batchtopk",
  notes: [/checkpoint of a training: the scale of its input \(0\.0871.*\) is applied/],
});

const [WIDTH, FEATURES] = [3, 4];

function standard(): TestSae {
  return {
    directory: "sae",
    weights: "sae_weights.safetensors",
    state: {
      W_enc: numbers(WIDTH, FEATURES),
      b_enc: numbers(FEATURES),
      W_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
    },
    config: {
      name: "cfg.json",
      fields: {
        architecture: "standard",
        d_in: WIDTH,
        d_sae: FEATURES,
        dtype: "float32",
        apply_b_dec_to_input: true,
        normalize_activations: "none",
        metadata: { hook_name: "blocks.2.hook_resid_pre" },
      },
    },
  };
}

const scaler = (text: string) => (sae: TestSae) => {
  sae.others = { "activation_scaler.json": text };
};
const batchTopK = together(
  config({ architecture: "batchtopk", normalize_activations: "expected_average_only_in" }),
  state({ topk_threshold: floats([0.5], []) }),
);

const REFUSED: Mutation[] = [
  ["another d_in", config({ d_in: 5 }), /W_enc is 3 × 4, but cfg\.json says d_in 5/],
  ["another d_sae", config({ d_sae: 5 }), /says d_in 3 and d_sae 5/],
  ["topk without k", config({ architecture: "topk" }), /says topk, but not its k/],
  ["a k above the features", config({ architecture: "topk", k: 5 }), /k 5, expected 1 to 4/],
  ["a k of 0", config({ architecture: "topk", k: 0 }), /k 0, expected 1 to 4/],
  ["a k that is no integer", config({ architecture: "topk", k: 1.5 }), /k 1\.5, expected/],
  ["jumprelu without thresholds", config({ architecture: "jumprelu" }), /threshold is missing/],
  [
    "thresholds of another number",
    together(config({ architecture: "jumprelu" }), state({ threshold: numbers(3) })),
    /threshold has shape \[3\], expected \[4\]/,
  ],
  ["gated without its vectors", config({ architecture: "gated" }), /b_gate is missing/],
  [
    "a second activation of versions before 6",
    together(
      config({
        architecture: "jumprelu",
        activation_fn_str: "topk",
        activation_fn_kwargs: { k: 2 },
      }),
      state({ threshold: numbers(FEATURES) }),
    ),
    /says architecture jumprelu and activation_fn topk: versions of SAELens before 6 took both/,
  ],
  ["temporal", config({ architecture: "temporal" }), /reads .* the tokens before/],
  ["an unknown norm", config({ normalize_activations: "rms" }), /normalize_activations rms/],
  ["a decoder the other way", state({ W_dec: numbers(3, 4) }), /W_dec has shape \[3, 4\]/],
  ["an encoder the other way", state({ W_enc: numbers(4, 3) }), /expected \[3, 4\]/],
  ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
  ["a missing b_enc", without("b_enc"), /b_enc is missing/],
  ["a missing b_dec", without("b_dec"), /b_dec is missing/],
  ["NaN", state({ W_enc: floats(Array(12).fill(NaN), [3, 4]) }), /W_enc holds NaN/],
  [
    "infinity in the decoder",
    state({ W_dec: floats(Array(12).fill(Infinity), [4, 3]) }),
    /W_dec holds Infinity/,
  ],
  ["whole numbers", state({ b_enc: integer(1) }), /b_enc has shape \[\]/],
  [
    "a skip connection of no transcoder",
    state({ W_skip: numbers(3, 3) }),
    /says standard, but it has a W_skip/,
  ],
  [
    "a skip transcoder without one",
    config({ architecture: "skip_transcoder" }),
    /says skip_transcoder, but it has no W_skip/,
  ],
  [
    "a transcoder's other d_out",
    config({ architecture: "transcoder", d_out: 7 }),
    /W_dec is 4 × 3, but cfg\.json says d_out 7/,
  ],
  [
    "a scaling of features that the configuration denies",
    together(
      config({ finetuning_scaling_factor: false }),
      state({ finetuning_scaling_factor: floats([1, 2, 1, 1]) }),
    ),
    /says finetuning_scaling_factor false, but its finetuning_scaling_factor is not 1 throughout/,
  ],
  [
    "a checkpoint with whitening",
    scaler('{ "scaling_factor": null, "has_whitening": true }'),
    /whitening of the input is not folded .*save_inference_model/,
  ],
  ["a checkpoint without its scale", batchTopK, /activation_scaler\.json is missing/],
  [
    "a scale that is none",
    together(batchTopK, scaler('{ "scaling_factor": -1 }')),
    /scaling_factor: /,
  ],
  ["a configuration that is none", config({ d_in: "three" }), /d_in: /],
];

const FLAGGED: Mutation[] = [
  ["that nothing names its hook", config({ metadata: {} }), /cfg\.json has no hook_name/],
  ["that the type differs", config({ dtype: "float16" }), /dtype float16, but W_enc is float32/],
  [
    "that thresholds are not used",
    state({ threshold: numbers(FEATURES) }),
    /architecture is standard, but it has a threshold/,
  ],
  ["what it does not read", state({ W_enc_lora_A: numbers(2) }), /it holds W_enc_lora_A/],
  [
    "that states were centred",
    config({
      metadata: {
        hook_name: "blocks.2.hook_resid_pre",
        model_from_pretrained_kwargs: { center_writing_weights: true },
      },
    }),
    /center_writing_weights/,
  ],
  [
    "that a norm is not in the file",
    config({ normalize_activations: true }),
    /expected_average_only_in, whose numbers it does not hold/,
  ],
  [
    "that its path names another layer",
    (sae) => {
      sae.directory = "blocks.7.hook_resid_pre";
    },
    /path says layer 7 \(blocks\.7\.hook_resid_pre\), but .* blocks\.2/,
  ],
  ["that layers disagree", config({ hook_layer: 5 }), /says layer 5, but its hook is blocks\.2/],
  [
    "an activation that today's version takes for another",
    config({ activation_fn_str: "tanh-relu" }),
    /activation_fn tanh-relu, which SAELens 6 reads as relu/,
  ],
  [
    "an activation of gates that today's version takes for another",
    together(
      config({ architecture: "gated", activation_fn_str: "tanh-relu" }),
      state({ b_gate: numbers(FEATURES), b_mag: numbers(FEATURES), r_mag: numbers(FEATURES) }),
      without("b_enc"),
    ),
    /activation_fn tanh-relu, which SAELens 6 reads as relu/,
  ],
  [
    "a k that its architecture has no use for",
    config({ k: 2 }),
    /says k 2, which .* standard does/,
  ],
  [
    "a bias that no transcoder subtracts",
    config({ architecture: "transcoder" }),
    /says apply_b_dec_to_input true, which its architecture transcoder does not use/,
  ],
  ["that it reads one head", config({ hook_head_index: 2 }), /reads head 2 of its hook/],
  [
    "that a square encoder may lie the other way",
    together(config({ d_sae: 3 }), (sae) => {
      // The encoder's rows are what the decoder's rows are; its columns should be.
      const rows = [[0, 1, 0], [0, 0, 1], [1, 0, 0]].flat();
      sae.state = {
        W_enc: floats(rows, [3, 3]),
        b_enc: numbers(3),
        W_dec: floats(rows, [3, 3]),
        b_dec: numbers(3),
      };
    }),
    /W_enc is 3 × 3, .* turned round/,
  ],
];

testMutations("SAELens", standard, { refused: REFUSED, flagged: FLAGGED });

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

Deno.test("SAELens' transcoders say what they predict, and SAEs of heads that they take them", async () => {
  const transcoder = await openSae("tests/fixtures/saes/sl6_transcoder/files");
  assert.equal(transcoder.siteInWords, "blocks.4.ln2.hook_normalized");
  assert.equal(siteText(transcoder.predicts!.site!), "mlp_out 4");
  using directory = new TemporaryDirectory();
  const sae = standard();
  config({ metadata: { hook_name: "blocks.5.attn.hook_z", l0: 12.5 } })(sae);
  const { site, takesHeads, isCentred, declaredL0 } = await openSae(writeSae(directory, sae));
  assert.deepEqual([site, takesHeads, isCentred, declaredL0], [undefined, true, false, 12.5]);
});

Deno.test("SAELens from version 6 on says its activation by its architecture alone", async () => {
  using directory = new TemporaryDirectory();
  const written = { activation_fn: "topk", activation_fn_kwargs: { k: 2 } };
  for (
    const [sae_lens_version, architecture] of [["5.11.0", "topk"], ["6.0.0", "standard"]] as const
  ) {
    const sae = standard();
    config({ ...written, metadata: { hook_name: "blocks.2.hook_resid_pre", sae_lens_version } })(
      sae,
    );
    assert.equal((await openSae(writeSae(directory, sae))).architecture, architecture);
  }
});

Deno.test("a scaling of SAELens' features may be denied where it changes nothing", async () => {
  using directory = new TemporaryDirectory();
  const sae = standard();
  together(
    config({ finetuning_scaling_factor: false }),
    state({ scaling_factor: floats([1, 1, 1 + 1e-6, 1]) }),
  )(sae);
  assert.deepEqual((await openSae(writeSae(directory, sae))).notes, []);
});

Deno.test("SAELens' weights can be named instead of their directory", async () => {
  using directory = new TemporaryDirectory();
  const path = writeSae(directory, { ...standard(), asFile: true });
  assert.equal((await openSae(path)).format, "SAELens");
});

Deno.test("a pickle of SAELens' first version is read as its configuration's class says", async () => {
  using directory = new TemporaryDirectory();
  const cfg = (options: string) =>
    new RawPickle(`csae_training.config\nLanguageModelSAERunnerConfig\n)\x81(${options}db`);
  const write = (options: string) =>
    writeSae(directory, {
      directory: "old",
      weights: "final.pt",
      state: { cfg: cfg(options), state_dict: standard().state },
      asFile: true,
    });
  const opened = await openSae(write("Vhook_point\nVblocks.1.hook_resid_pre\n"));
  assert.equal(siteText(opened.site!), "pre 1");
  assert.deepEqual((await opened.read()).input.map(({ kind }) => kind), ["subtract"]);
  const without = await openSae(write("Vapply_b_dec_to_input\nI00\n"));
  assert.deepEqual((await without.read()).input, []);
  assert.match(without.notes[0]!, /its cfg has no hook_name/);
});

Deno.test("SAELens undoes the norm of an SAE's input in what is decoded, of a transcoder's nowhere", async () => {
  using directory = new TemporaryDirectory();
  for (const [architecture, restores] of [["standard", true], ["transcoder", false]] as const) {
    const sae = standard();
    sae.directory = architecture;
    config({ architecture, normalize_activations: "layer_norm" })(sae);
    const { read, readDecoder } = await openSae(writeSae(directory, sae));
    assert.equal((await readDecoder())!.restores, restores);
    assert.equal((await read()).input[0]!.kind, "layer_norm");
  }
});
