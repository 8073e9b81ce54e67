import assert from "node:assert/strict";
import type { SaeWish } from "../../../lib/analysis/plan/planned_sae.ts";
import { planSaes, warnOfSkipped } from "../../../lib/analysis/plan/planned_saes.ts";
import { UsageError } from "../../../lib/base/errors.ts";
import { SILENT } from "../../../lib/base/observer.ts";
import { openLanguageModel } from "../../../lib/lm/language_model.ts";
import { siteText } from "../../../lib/lm/site.ts";
import { parseSiteList } from "../../../lib/lm/site_list.ts";
import { numbers, writeSae } from "../../sae/formats/mutations.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { supervisedSae, writeTinyInputs } from "../../support/tiny_analysis.ts";
import { type TinySae, writeSaelens } from "../../support/tiny_saes.ts";

/** What is planned with a tiny model of three blocks, and what is said of it. */
async function planOf(
  directory: TemporaryDirectory,
  { sites, path = "sae", ...wish }: Partial<Omit<SaeWish, "sites">> & {
    sites?: string;
    path?: string;
  } = {},
) {
  const model = await openLanguageModel(`${directory.path}/lm`);
  const said: string[] = [];
  const observer = {
    ...SILENT,
    note: (message: string) => said.push(message),
    warn: (message: string) => said.push(`warning: ${message}`),
  };
  const planned = await planSaes(
    {
      saeDirectory: `${directory.path}/${path}`,
      layers: "all",
      sites: sites === undefined ? undefined : parseSiteList(sites).list!,
      ...wish,
    },
    model,
    observer,
  );
  const names = planned.checkpoints.map(({ layer }) => layer);
  return { ...planned, names, said: said.join("\n").replaceAll(`${directory.path}/`, "") };
}

/** A tiny model, and whatever SAEs are written beside it. */
function inputs(...saes: readonly [folder: string, sae?: TinySae][]): TemporaryDirectory {
  const directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 3 } } });
  for (const [folder, sae] of saes) writeSaelens(directory, folder, sae);
  return directory;
}

/** An SAE that reads at a hook, in a folder that does not say where. */
function at(hook: string, folder: string = hook.replaceAll("..", "_")): [string, TinySae] {
  return [`sae/${folder}`, { hook }];
}

Deno.test("planSaes() takes the SAEs of a folder where they say that they read, and says so", async () => {
  using directory = inputs(
    at("blocks.2.hook_resid_pre", "deep/er/a"),
    at("blocks.0.hook_resid_post", "b"),
    at("blocks.1.hook_mlp_out", "c"),
  );
  const { names, checkpoints, said } = await planOf(directory);
  assert.deepEqual(names, ["post00", "mlp_out01", 2]);
  assert.deepEqual(checkpoints.map(({ site }) => siteText(site)), ["post 0", "mlp_out 1", "pre 2"]);
  const { kind, freeCount, slotCount } = checkpoints[0]!.shape;
  assert.deepEqual([kind, freeCount, slotCount], ["unsupervised", 12, 0]);
  assert.match(
    said,
    /layer 2: sae\/deep\/er\/a, SAELens, standard, 12 features; blocks.2.hook_resid_pre is pre 2, hidden_states\[2\], /,
  );
});

Deno.test("planSaes() takes one SAE by its folder", async () => {
  using directory = inputs(at("blocks.1.hook_resid_pre", "only"));
  assert.deepEqual((await planOf(directory, { path: "sae/only" })).names, [1]);
});

Deno.test("planSaes() takes layers in the order of their numbers", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [], model: { config: { n_layer: 12 } } });
  for (const block of [10, 9, 2]) {
    writeSaelens(directory, `sae/layers.${block}`, { hook: `blocks.${block}.hook_resid_post` });
  }
  assert.deepEqual((await planOf(directory)).names, ["post02", "post09", "post10"]);
});

Deno.test("planSaes() keeps the SAEs of the sites that are named, and skips sites without any", async () => {
  using directory = inputs(at("blocks.2.hook_resid_pre"), at("blocks.0.hook_resid_post"));
  const { names, skipped, said } = await planOf(directory, { sites: "post:0-1" });
  assert.deepEqual(names, ["post00"]);
  assert.deepEqual(skipped.map(({ layer }) => layer), ["post01"]);
  assert.match(
    said,
    /warning: post 1 is skipped: No SAE found: those there are read post 0, pre 2/,
  );
  assert.deepEqual((await planOf(directory, { layers: [2] })).names, [2]);
  assert.deepEqual((await planOf(directory, { sites: "all" })).names, ["post00", 2]);
});

Deno.test("planSaes() tells SAEs apart that read one site by what differs in their paths", async () => {
  using directory = inputs(
    at("blocks.1.hook_resid_post", "layer_1/width_16k/average_l0_82"),
    at("blocks.1.hook_resid_post", "layer_1/width_16k/average_l0_9"),
    at("blocks.2.hook_resid_post", "layer_2/width_16k/average_l0_9"),
  );
  assert.deepEqual((await planOf(directory)).names, [
    "post01_average_l0_9",
    "post01_average_l0_82",
    "post02",
  ]);
});

Deno.test("planSaes() refuses an SAE of another site than the one that is asked for, naming both", async () => {
  using directory = inputs(at("blocks.2.hook_resid_pre", "a"));
  await assert.rejects(
    planOf(directory, { sites: "post:1" }),
    inputError(
      /sae\/a was trained on the states at pre 2 \(blocks.2.hook_resid_pre\), not at post 1/,
    ),
  );
  writeSaelens(directory, "sae/b", { hook: "blocks.0.hook_resid_mid" });
  await assert.rejects(
    planOf(directory, { sites: "final" }),
    inputError(/has no SAE that reads final; its 2 SAEs read mid 0, pre 2/),
  );
});

Deno.test("planSaes() warns where a folder says another layer than the files in it", async () => {
  using directory = inputs(at("blocks.2.hook_resid_pre", "blocks.1.hook_resid_pre"));
  const { names, said } = await planOf(directory);
  assert.deepEqual(names, [2]);
  assert.match(
    said,
    /warning: .*the name blocks.1.hook_resid_pre says pre 1, its files say blocks.2.hook_resid_pre/,
  );
});

Deno.test("planSaes() takes an SAE that does not say where it reads only where the user says it", async () => {
  using directory = inputs(["sae/a", { hook: "" }]);
  await assert.rejects(
    planOf(directory),
    inputError(/sae\/a does not say where in a model it reads/),
  );
  const { names, said } = await planOf(directory, { sites: "mid:1" });
  assert.deepEqual(names, ["mid01"]);
  assert.match(said, /sae\/a does not say where in a model it reads; mid 1 is taken/);
});

Deno.test("planSaes() does not ask for a site that was named, of SAEs that say nothing of theirs", async () => {
  using directory = inputs(["sae/a", { hook: "" }], ["sae/b", { hook: "" }]);
  for (const sites of [undefined, "mid:1"]) {
    await assert.rejects(
      planOf(directory, sites === undefined ? {} : { sites }),
      inputError(/sae\/a does not say .* and is one of 2 SAEs: analyse it by itself/),
    );
  }
});

Deno.test("planSaes() refuses states that coact does not take from a model, or the model does not have", async () => {
  using directory = inputs(at("blocks.1.attn.hook_z", "a"));
  await assert.rejects(
    planOf(directory),
    inputError(/reads blocks.1.attn.hook_z, which coact does/),
  );
  using beyond = inputs(at("blocks.3.hook_resid_post", "a"));
  await assert.rejects(
    planOf(beyond),
    inputError(/reads post 3 \(blocks.3.hook_resid_post\), but in .* the blocks 0 to 2/),
  );
  using wide = inputs(["sae/a", { width: 9 }]);
  await assert.rejects(
    planOf(wide),
    inputError(/width 9, .* n_embd 8: they do not belong together/),
  );
});

Deno.test("planSaes() leaves out what cannot be used beside what can, and warns once", async () => {
  using directory = inputs(at("blocks.1.attn.hook_z", "a"), at("blocks.2.hook_resid_pre", "b"));
  const { names, said } = await planOf(directory);
  assert.deepEqual(names, [2]);
  assert.match(said, /warning: an SAE is left out: .*hook_z/);
});

Deno.test("planSaes() says that it centres states for an SAE that was trained on centred ones", async () => {
  using directory = inputs(["sae/a", {
    config: {
      metadata: {
        hook_name: "blocks.1.hook_resid_pre",
        model_from_pretrained_kwargs: { center_writing_weights: true },
      },
    },
  }]);
  const { said, checkpoints } = await planOf(directory);
  assert.match(said, /sae\/a: it was trained on residuals .*; the mean .* each state here, too/);
  assert.equal(said.match(/subtracted/g)!.length, 2, "once, in one line");
  assert.equal(checkpoints[0]!.opened?.isCentred, true);
});

Deno.test("planSaes() takes the format that is forced, and refuses one that there is not", async () => {
  using directory = inputs(at("blocks.1.hook_resid_pre", "a"));
  assert.deepEqual((await planOf(directory, { saeFormat: "sae_lens" })).names, [1]);
  await assert.rejects(
    planOf(directory, { saeFormat: "Gemma Scope" }),
    inputError(/holds no SAE/),
  );
  await assert.rejects(
    planOf(directory, { saeFormat: "zip" }),
    /there is no format zip; there are/,
  );
});

/** Writes an SAE of Qwen-Scope, whose k no file of its says. */
function writeQwen(directory: TemporaryDirectory, folder: string): void {
  const state = {
    W_enc: numbers(12, 8),
    b_enc: numbers(12),
    W_dec: numbers(8, 12),
    b_dec: numbers(8),
  };
  writeSae(directory, { directory: folder, weights: "layer1.sae.pt", state });
}

Deno.test("planSaes() says the same k whether the path says it or the user, and another of another path", async () => {
  using directory = inputs();
  for (const folder of ["a-L0_3", "b-L0_5"]) writeQwen(directory, folder);
  const kOf = async (path: string, k?: number) => {
    return (await planOf(directory, { path, k })).checkpoints.map((each) => each.k);
  };
  assert.deepEqual([await kOf("a-L0_3"), await kOf("a-L0_3", 3)], [[3], [3]]);
  assert.deepEqual([await kOf("b-L0_5"), await kOf("a-L0_3", 4)], [[5], [4]]);
});

Deno.test("planSaes() refuses a k where an SAE, AlignSAE's or another's, keeps no fixed number", async () => {
  using directory = inputs(at("blocks.1.hook_resid_pre", "a"));
  directory.write("align/layer1/sae_best.pt", supervisedSae());
  for (const path of ["sae", "align"]) {
    await assert.rejects(
      planOf(directory, { path, k: 3 }),
      inputError(/keeps no fixed number of features of a state, but k is given as 3$/),
    );
  }
});

Deno.test("planSaes() refuses layers and sites together, a file that is no SAE and a missing path", async () => {
  using directory = inputs(at("blocks.1.hook_resid_pre", "a"));
  await assert.rejects(
    planOf(directory, { layers: [1], sites: "pre:1" }),
    (error) => error instanceof UsageError && /not both/.test(error.message),
  );
  await assert.rejects(
    planOf(directory, { path: "questions.jsonl" }),
    inputError(/is no SAE of a/),
  );
  await assert.rejects(planOf(directory, { path: "nowhere" }), inputError(/does not exist/));
});

Deno.test("planSaes() takes AlignSAE's folders by layers or by the sites that these are", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1, 3], model: { config: { n_layer: 3 } } });
  assert.deepEqual((await planOf(directory)).names, [0, 1]);
  const { names, skipped } = await planOf(directory, { sites: "pre:1,post:1,final" });
  assert.deepEqual(names, [1, 3]);
  assert.deepEqual(skipped.map(({ layer }) => layer), ["post01"]);
  await assert.rejects(planOf(directory, { sites: "post:1" }), inputError(/post:1 names none/));
});

Deno.test("warnOfSkipped() warns once, however many layers are skipped", () => {
  const warnings: string[] = [];
  const observer = { ...SILENT, warn: (message: string) => warnings.push(message) };
  warnOfSkipped([], observer);
  warnOfSkipped([{ layer: 1, reason: "no SAE" }], observer);
  warnOfSkipped([{ layer: 1, reason: "no SAE" }, { layer: 4, reason: "none" }], observer);
  assert.deepEqual(warnings, [
    "layer 1 is skipped: no SAE",
    "layers 1, 4 are skipped: no SAE, and so on",
  ]);
});
