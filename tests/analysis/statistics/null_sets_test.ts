/** Nulls of tiny runs, against what lies beside them. */
import assert from "node:assert/strict";
import { verdictOf } from "../../../lib/verdict/read_sites.ts";
import { readSelectivity, readSelectivityRecord } from "../../../lib/results/read_selectivity.ts";
import { NULL_SETS } from "../../../lib/results/null_record.ts";
import { nullRow } from "../../../lib/results/layer_nulls.ts";
import { auroc } from "../../../lib/stats/auroc.ts";
import { analyzeTiny, filesIn } from "../../support/analyze_tiny.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { RULES } from "../../support/tiny_analysis.ts";

const PERSONS = 24;
const LINES = Array.from({ length: PERSONS * RULES.length }, (_, i) => {
  const [rule, person] = [i % RULES.length, Math.floor(i / RULES.length)];
  const question = `${RULES[rule]} of ${String.fromCharCode(97 + person)}?`;
  const known = { person_id: `p${person}`, template_idx: person % 2 };
  return JSON.stringify({ rule_idx: rule, rule_name: RULES[rule], question, ...known });
});

async function analyzed(directory: TemporaryDirectory, ...args: string[]) {
  const inputs = { layers: [1], lines: LINES, statistics: true };
  const how = ["--samples_per_relation", String(PERSONS), "--layers", "1"];
  const outcome = await analyzeTiny(
    directory,
    inputs,
    ...how,
    "--activation_threshold",
    "0",
    ...args,
  );
  assert.equal(outcome.code, 0, outcome.err.join());
  return outcome;
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
let once: Promise<unknown> | undefined;

/** The results, made once for both tests. */
async function analyzedOnce(): Promise<TemporaryDirectory> {
  await (once ??= analyzed(directory));
  return directory;
}

async function foundIn({ path }: TemporaryDirectory) {
  const record = await readSelectivityRecord(`${path}/results`, 1);
  return await readSelectivity(`${path}/results`, 1, record!);
}

Deno.test("each set's best are written with their activations, and estimated on the other half", async () => {
  const directory = await analyzedOnce();
  const { nulls, record, questions, activations } = await foundIn(directory);
  const { sets, of } = nulls!.record;
  assert.deepEqual([of, sets.map(({ features }) => features)], [5, [5, 5, 8, 6]]);
  const field = (k: number) => questions.filter((_, i) => i % 5 === k);
  const [groupOf, choosing] = [field(0), field(4)];
  for (const { name, best } of sets) {
    best.forEach((each, group) => {
      const row = nullRow(nulls!, name, group);
      for (const half of [1, 0]) {
        const at = [...groupOf.keys()].filter((i) => choosing[i] === half);
        const found = auroc(at.map((i) => row[i]!), at.map((i) => groupOf[i] === group)).auroc;
        const said = half === 1 ? each.auroc_choosing : each.auroc;
        if (said !== null) assert.equal(said, found, `${name} ${group}`);
        if (half === 1 && said !== null && name === "neurons") assert(found! > 0.5);
      }
    });
  }
  const verdict = await verdictOf(`${directory.path}/results`, [1], { permutations: 19 });
  assert.deepEqual(verdict.sites[0]!.nulls!.map(({ name }) => name), [...NULL_SETS]);
  assert.equal(Object.keys(verdict.madeOf).length, 1);
  assert.notEqual(verdict.sites[0]!.sharing.permuted, null);

  // The SAE's own are features whose activations are known, too.
  const count = groupOf.length;
  sets[0]!.best.forEach(({ feature }, group) => {
    if (feature === null) return;
    const row = record.listed.indexOf(feature);
    const own = activations.subarray(row * count, (row + 1) * count);
    assert.deepEqual(nullRow(nulls!, "sae", group), own);
  });
});

Deno.test("nulls are the same again, are computed where they are lacking, and left out if asked", async () => {
  const directory = await analyzedOnce();
  const results = `${directory.path}/results`;
  const names = ["layer01_null_activations.npy", "layer01_list_activations.npy"];
  const bytes = () => names.map((name) => Deno.readFileSync(`${results}/${name}`));
  const before = bytes();
  const path = `${results}/layer01_selectivity.json`;
  const { nulls: _, ...older } = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(path, JSON.stringify(older));
  const computed = await analyzed(directory);
  assert.doesNotMatch(computed.out.join(), /pictures of what is there already/);
  assert.deepEqual(bytes(), before);
  await analyzed(directory, "--no_statistics", "--force");
  assert.deepEqual(
    filesIn(directory).filter((name) => /null|list_act|selectivity/.test(name)),
    [], // the table's layers have no statistics any more
  );
});

Deno.test("with --position any a random encoder's features are counted, as those of a linear SAE are", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, "--position", "any");
  const { nulls } = await foundIn(directory);
  const rowsOf = (name: typeof NULL_SETS[number]) =>
    RULES.flatMap((_, group) => [...nullRow(nulls!, name, group)]);
  const isCount = (value: number) => value === 0 || value === 1;
  assert(rowsOf("sae").every(isCount));
  assert(rowsOf("random_encoder").every(isCount));
  assert(!rowsOf("neurons").every(isCount)); // states are no features
});
