import assert from "node:assert/strict";
import { doctorLines } from "../../lib/cli/doctor_report.ts";
import { examineSae } from "../../lib/doctor/examine_sae.ts";
import {
  neighbourSites,
  sitesToCompute,
  type TrialPlace,
  trialPlace,
} from "../../lib/doctor/site_fits.ts";
import { type Site, siteText } from "../../lib/lm/site.ts";
import { doctor } from "../../scripts/doctor.ts";
import { inputError } from "../support/input_errors.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

const DEMO = {
  lmModel: "demo/lm",
  questionFile: "demo/data/qa_test_id.jsonl",
  samplesPerRelation: 2,
  device: "cpu",
} as const;
const GEMMA = "tests/fixtures/saes/gemma_scope1_res/files/layer_12/width_16k/average_l0_82";

Deno.test("examineSae() fits the demo's SAE to the demo's model, and says so in lines", async () => {
  const examination = await examineSae({ ...DEMO, sae: "demo/sae/layer6" });
  const { fit } = examination;
  const { here, neighbours } = fit!.judged;
  assert.equal(here.site, "pre 6");
  assert.deepEqual(neighbours.map(({ site }) => site), ["pre 5", "pre 7"]);
  assert(here.fit.unexplained! < 0.01);
  assert.equal(fit!.others, undefined); // AlignSAE's are made for the last tokens alone
  const lines = doctorLines(examination);
  assert.equal(lines[0], "demo/sae/layer6");
  assert.equal(lines[1], "  format      AlignSAE, supervised");
  assert.match(lines.at(-1)!, /^ {2}verdict {5}it fits/);
});

/** What the doctor says of a case's activation. */
async function activationOf(name: string, entry = ""): Promise<string | undefined> {
  const lines = doctorLines(await examineSae({ sae: `tests/fixtures/saes/${name}/files${entry}` }));
  return lines.find((line) => line.startsWith("  activation"))?.slice(14);
}

Deno.test("the doctor says of an SAE of several products how it encodes", async () => {
  assert.equal(
    await activationOf("sl6_matching_pursuit"),
    "matching pursuit, up to 9 picks of a state, until one is picked again or less than 0.01 is " +
      "left of the state",
  );
  assert.equal(
    await activationOf("llamascopium_glu"),
    "ReLU, after p times the sigmoid of a second product",
  );
});

Deno.test("the doctor says how many features are kept, of which, and by what", async () => {
  const activations = [
    await activationOf("sparsify_groupmax", "/layers.5"),
    await activationOf("llamascopium_topk"),
    await activationOf("sl6_abstopk"),
  ];
  assert.deepEqual(activations, [
    "the largest of each of 9 runs of 11 features",
    "the 9 largest of a state",
    "the 10 largest magnitudes of a state",
  ]);
});

Deno.test("the doctor calls nothing gated but what has a gate", async () => {
  assert.equal(await activationOf("dl_gated", "/trainer_0"), "gated");
  const scaled = "/pythia70m_sweep_p_anneal/resid_post_layer_2/trainer_0";
  assert.equal(await activationOf("dl_panneal", scaled), "ReLU");
});

Deno.test("examineSae() needs no labels: prompts of any field do", async () => {
  using directory = new TemporaryDirectory();
  const questionFile = `${directory.path}/texts.jsonl`;
  const texts = [
    "Q: Where was Adele Dunn born?\nA:",
    "Q: Where does Zoë Hunt work?\nA:",
    "The sea.",
  ];
  Deno.writeTextFileSync(questionFile, texts.map((text) => JSON.stringify({ text })).join("\n"));
  const asked = { questionFile, prompts: { textField: "text" }, samplesPerRelation: undefined };
  const { fit } = await examineSae({ ...DEMO, ...asked, sae: "demo/sae/layer6" });
  assert.equal(fit!.judged.here.fit.states, 3);
});

Deno.test("examineSae() refuses a site that the SAE contradicts, naming both", async () => {
  const site = { block: 5, point: "post" } as const;
  await assert.rejects(
    examineSae({ sae: "demo/sae/layer6", site }),
    inputError("demo/sae/layer6 reads at pre 6 (layer6), not at post 5"),
  );
});

Deno.test("examineSae() tries AlignSAE's layer after the last block's where an analysis reads it", async () => {
  using directory = new TemporaryDirectory();
  const sae = `${directory.path}/layer12`;
  await Deno.mkdir(sae);
  await Deno.copyFile("demo/sae/layer11/sae_best.pt", `${sae}/sae_best.pt`);
  const final = { point: "final" } as const;
  for (const site of [undefined, final]) {
    const examination = await examineSae({ ...DEMO, sae, site });
    assert.deepEqual(examination.site, final);
    assert.equal(examination.fit!.judged.here.site, "final");
    assert(doctorLines(examination).includes("  reads       final (layer12)"));
  }
  await assert.rejects(
    examineSae({ ...DEMO, sae: "demo/sae/layer6", site: final }),
    inputError("demo/sae/layer6 reads at pre 6 (layer6), not at final"),
  );
});

Deno.test("examineSae() says that files do not say where an SAE reads, or which place is no site", async () => {
  using directory = new TemporaryDirectory();
  writeSaelens(directory, "silent", { hook: "", width: 64 });
  writeSaelens(directory, "final", { hook: "ln_final.hook_normalized", width: 64 });
  const at = (name: string) => `${directory.path}/${name}`;
  await assert.rejects(
    examineSae({ ...DEMO, sae: at("silent") }),
    inputError(/^the files of .*silent do not say where it reads; say where it reads with --site$/),
  );
  await assert.rejects(
    examineSae({ ...DEMO, sae: at("final") }),
    inputError(/final reads at ln_final.hook_normalized, which is no site of coact's; say where/),
  );
});

Deno.test("examineSae() refuses a model of another width, naming both", async () => {
  await assert.rejects(
    examineSae({ ...DEMO, sae: GEMMA, site: { block: 12, point: "post" } }),
    inputError(/width 35, but the model demo\/lm has n_embd 64: they do not/),
  );
});

Deno.test("examineSae() names the SAE whose site the model does not have", async () => {
  using directory = new TemporaryDirectory();
  writeSaelens(directory, "sae", { hook: "blocks.15.hook_resid_post", width: 64 });
  const sae = `${directory.path}/sae`;
  await assert.rejects(
    examineSae({ ...DEMO, sae }),
    inputError(
      `${sae} reads post 15 (blocks.15.hook_resid_post), but in demo/lm there is no site post 15: ` +
        "the model has the blocks 0 to 11",
    ),
  );
});

Deno.test("doctor prints its report and ends well where only doubts are left", async () => {
  const { code, out, err } = await run(doctor, ["--sae", GEMMA]);
  assert.equal(code, 0, err.join("\n"));
  assert(out.includes("  sizes       d 35, m 150"), out.join("\n"));
  assert.match(out.at(-1)!, /verdict {5}its files are sound.*not tried on a language model$/);
});

Deno.test("doctor wants a model and prompts together", async () => {
  const { code, err } = await run(doctor, ["--sae", GEMMA, "--lm_model", "demo/lm"]);
  assert.equal(code, 2);
  assert.match(err[0]!, /--lm_model and --qa_file belong together/);
});

Deno.test("sites beside one are the same point of the blocks around it, or what lies there", () => {
  const beside = (site: Site) => neighbourSites(site, 3).map(siteText);
  assert.deepEqual(beside({ block: 1, point: "mid" }), ["mid 0", "mid 2"]);
  assert.deepEqual(beside({ block: 0, point: "post" }), ["pre 0", "post 1"]);
  assert.deepEqual(beside({ block: 2, point: "pre" }), ["pre 1", "post 2"]);
  assert.deepEqual(beside({ block: 2, point: "post" }), ["post 1", "final"]);
  assert.deepEqual(beside({ point: "final" }), ["post 2"]);
});

Deno.test("a transcoder's targets are shifted with it, where their states can be had", () => {
  const subject = {
    site: { block: 1, point: "mid" },
    predicted: { block: 1, point: "mlp_out" },
    blockCount: 3,
  } as const;
  const texts = (place: TrialPlace) => sitesToCompute(place).map(siteText);
  assert.deepEqual(texts(trialPlace(subject)), [
    ...["mid 1", "mid 0", "mid 2"],
    ...["mlp_out 1", "mlp_out 0", "mlp_out 2"],
  ]);
  const some = trialPlace(subject, (site) => siteText(site) !== "mlp_out 2");
  assert.deepEqual(texts(some), ["mid 1", "mid 0", "mlp_out 1", "mlp_out 0"]);
});

Deno.test("doctor takes the prompts of other fields, by label, and pools no tokens", async () => {
  using directory = new TemporaryDirectory();
  const lines = ["The sky is", "A cat is", "Rain is wet and"].map((text, i) =>
    JSON.stringify({ text, kind: i % 2 ? "b" : "a" })
  );
  directory.write("prompts.jsonl", lines.join("\n"));
  const file = `${directory.path}/prompts.jsonl`;
  const words = ["--sae", "demo/sae/layer6", "--lm_model", "demo/lm", "--qa_file", file];
  const options = ["--text_field", "text", "--label_field", "kind", "--position", "mean"];
  const { out, err } = await run(doctor, [...words, ...options, "--device", "cpu"]);
  const tried = out.find((line) => line.includes("tried on"))!;
  // Each token by itself: more states than there are prompts.
  assert(Number(/tried on +(\d+) states/.exec(tried)![1]) > 9, [...out, ...err].join("\n"));
});
