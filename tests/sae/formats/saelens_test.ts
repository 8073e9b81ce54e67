/** SAELens, of all versions: what is read of its files. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { RawPickle } from "../../support/torch_file.ts";
import { config, state, together } from "./changes.ts";
import { floats, testRight, writeSae } from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";
import { standard } from "./saelens_files.ts";

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

testRight("SAELens", standard);

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
