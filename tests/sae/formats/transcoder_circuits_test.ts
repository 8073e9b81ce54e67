/** transcoder_circuits. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { opcodesOf, RawPickle } from "../../support/torch_file.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { decodeRow, encodeRow } from "../../support/sae_rows.ts";

const [WIDTH, FEATURES] = [3, 4];
const OPTIONS = {
  is_transcoder: true,
  d_in: WIDTH,
  d_out: WIDTH,
  d_sae: FEATURES,
  hook_point: "blocks.8.ln2.hook_normalized",
  out_hook_point: "blocks.8.hook_mlp_out",
};

/** The options as the training pickles them: an object of a class. */
function pickled(options: object, name = "sae_training.config"): RawPickle {
  return new RawPickle(`c${name}\nLanguageModelSAERunnerConfig\n(tR${opcodesOf(options)}b`);
}

function transcoder(): TestSae & { state: { state_dict: Record<string, unknown> } } {
  return {
    directory: ".",
    weights: "final_sparse_autoencoder_gpt2-small_blocks.8.ln2.hook_normalized_24576.pt",
    asFile: true,
    state: {
      cfg: pickled(OPTIONS),
      state_dict: {
        W_enc: numbers(WIDTH, FEATURES),
        b_enc: numbers(FEATURES),
        W_dec: numbers(FEATURES, WIDTH),
        b_dec: numbers(WIDTH),
        b_dec_out: numbers(WIDTH),
      },
    },
  };
}

const cfg = (options: object) => (sae: TestSae) => {
  sae.state.cfg = pickled({ ...OPTIONS, ...options });
};
const state = (values: Record<string, unknown>) => (sae: TestSae) => {
  Object.assign(sae.state.state_dict as object, values);
};

const REFUSED: Mutation[] = [
  ["another width", cfg({ d_in: 5 }), /its cfg says d_in 5, but its W_enc has width 3/],
  ["another number of features", cfg({ d_sae: 5 }), /d_sae 5, but the number .* is 4/],
  ["another width of what it gives", cfg({ d_out: 5 }), /d_out 5, but what its W_dec gives/],
  ["an SAE with a transcoder's tensors", cfg({ is_transcoder: false }), /is_transcoder False, but/],
  [
    "a bias of another length",
    state({ b_dec: numbers(4) }),
    /b_dec has shape \[4\], expected \[3\]/,
  ],
  ["a bias of what it gives of another length", state({ b_dec_out: numbers(4) }), /b_dec_out has/],
  [
    "a decoder that lies the other way",
    state({ W_dec: numbers(3, 4) }),
    /W_dec has shape \[3, 4\]/,
  ],
  [
    "an encoder that lies the other way",
    state({ W_enc: numbers(4, 3) }),
    /W_dec has shape \[4, 3\]/,
  ],
  ["a missing bias", state({ b_enc: undefined }), /b_enc is missing/],
  [
    "a weight that is no number",
    state({ W_enc: floats(Array(12).fill(NaN), [WIDTH, FEATURES]) }),
    /W_enc holds NaN/,
  ],
  [
    "a decoder that is not finite",
    state({ W_dec: floats(Array(12).fill(Infinity), [FEATURES, WIDTH]) }),
    /W_dec holds Infinity/,
  ],
];

const FLAGGED: Mutation[] = [
  [
    "that its name says another hook",
    cfg({ hook_point: "blocks.7.ln2.hook_normalized" }),
    /its name says blocks\.8\.ln2\.hook_normalized, but its cfg hook_point blocks\.7/,
  ],
  [
    "what its name says where its options cannot be read",
    (sae) => {
      sae.state.cfg = pickled(OPTIONS, "elsewhere");
    },
    /its cfg does not say where it reads; its name says blocks\.8\.ln2\.hook_normalized/,
  ],
  [
    "that nothing says where it reads",
    (sae) => {
      sae.state.cfg = pickled({});
      sae.weights = "sae.pt";
    },
    /neither its cfg nor its name says where it reads/,
  ],
  ["what tensors it does not read", state({ W_skip: numbers(3, 3) }), /it holds W_skip, which/],
];

testMutations("transcoder_circuits", transcoder, { refused: REFUSED, flagged: FLAGGED });

Deno.test("a transcoder's file says where it reads, also where its folder is named", async () => {
  using directory = new TemporaryDirectory();
  const given = transcoder();
  given.state.cfg = pickled({});
  const path = writeSae(directory, given);
  for (const each of [path, path.slice(0, path.lastIndexOf("/"))]) {
    assert.equal((await openSae(each)).siteInWords, "blocks.8.ln2.hook_normalized", each);
  }
});

Deno.test("a transcoder of transcoder_circuits subtracts b_dec and adds b_dec_out", async () => {
  using directory = new TemporaryDirectory();
  const given = transcoder();
  given.state.state_dict = {
    W_enc: floats([1, 0, 0, 1], [2, 2]),
    b_enc: floats([0.5, -1]),
    W_dec: floats([1, 2, 3, 4], [2, 2]),
    b_dec: floats([1, 10]),
    b_dec_out: floats([100, 200]),
  };
  given.state.cfg = pickled({ ...OPTIONS, d_in: 2, d_sae: 2, d_out: 2 });
  const opened = await openSae(writeSae(directory, given));
  assert.equal(opened.siteInWords, "blocks.8.ln2.hook_normalized");
  assert.equal(opened.site, undefined);
  assert.deepEqual(opened.predicts?.site, { block: 8, point: "mlp_out" });
  const [sae, decoder] = [await opened.read(), (await opened.readDecoder())!];
  const state = Float64Array.of(3, 10);
  const features = await encodeRow(sae, state);
  assert.deepEqual([...features], [2.5, 0]); // (3 - 1) + 0.5, and (10 - 10) - 1 below 0
  assert.deepEqual([...await decodeRow({ sae, decoder }, features, state)], [102.5, 205]);
});
