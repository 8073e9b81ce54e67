import assert from "node:assert/strict";
import { doctorLines } from "../../lib/cli/doctor_report.ts";
import { examineSae } from "../../lib/doctor/examine_sae.ts";
import { neighbourSites, sitesToCompute } from "../../lib/doctor/site_fits.ts";
import { doctor } from "../../scripts/doctor.ts";
import { inputError } from "../support/input_errors.ts";
import { run } from "../support/run.ts";

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
  assert.equal(fit!.here.site, "pre 6");
  assert.deepEqual(fit!.neighbours.map(({ site }) => site), ["pre 5", "pre 7"]);
  assert(fit!.here.fit.unexplained! < 0.01);
  const lines = doctorLines(examination);
  assert.equal(lines[0], "demo/sae/layer6");
  assert.equal(lines[1], "  format      AlignSAE, supervised");
  assert.match(lines.at(-1)!, /^ {2}verdict {5}it fits/);
});

Deno.test("examineSae() refuses a site that the SAE contradicts, naming both", async () => {
  const site = { block: 5, point: "post" } as const;
  await assert.rejects(
    examineSae({ sae: "demo/sae/layer6", site }),
    inputError("demo/sae/layer6 reads at pre 6 (layer6), not at post 5"),
  );
});

Deno.test("examineSae() refuses a model of another width, naming both", async () => {
  await assert.rejects(
    examineSae({ ...DEMO, sae: GEMMA, site: { block: 12, point: "post" } }),
    inputError(/width 35, but those of demo\/lm have 64/),
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

Deno.test("sites beside one are the same point of the blocks around it", () => {
  assert.deepEqual(neighbourSites({ block: 0, point: "post" }, 3), [{ block: 1, point: "post" }]);
  assert.deepEqual(neighbourSites({ point: "final" }, 3), [{ block: 2, point: "post" }]);
  const predicted = { block: 1, point: "mlp_out" } as const;
  assert.deepEqual(
    sitesToCompute({ block: 1, point: "mid" }, predicted, 3).length,
    6,
    "a transcoder's targets are shifted with it",
  );
});
