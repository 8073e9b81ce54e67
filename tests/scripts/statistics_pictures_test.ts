/** The scripts that draw statistics and compare runs, in this process, on tiny inputs. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { execute } from "../../lib/cli/execute.ts";
import { compare } from "../../scripts/compare.ts";
import { emergence } from "../../scripts/emergence.ts";
import { features } from "../../scripts/features.ts";
import { sharing } from "../../scripts/sharing.ts";
import { top } from "../../scripts/top.ts";
import { volcano } from "../../scripts/volcano.ts";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { CaughtTerminal, run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { RULES } from "../support/tiny_analysis.ts";

const PERSONS = 22;
const QUICK = ["--dpi", "20"];

/** A question about each relation for each person. */
function linesOf(prefix: string): string[] {
  return Array.from({ length: PERSONS * RULES.length }, (_, i) => {
    const [rule, person] = [i % RULES.length, Math.floor(i / RULES.length)];
    const question = `${RULES[rule]} of ${"abcdefghijklmnopqrstuvw"[person]}?`;
    const person_id = `${prefix}${person}`;
    return JSON.stringify({
      rule_idx: rule,
      rule_name: RULES[rule],
      question,
      person_id,
      template_idx: person % 11,
    });
  });
}

async function analyzed(directory: TemporaryDirectory, prefix = "p", ...args: string[]) {
  const inputs = { layers: [0, 1], lines: linesOf(prefix), statistics: true };
  const samples = ["--samples_per_relation", String(PERSONS), "--activation_threshold", "0"];
  const outcome = await analyzeTiny(
    directory,
    inputs,
    ...samples,
    ...QUICK,
    "--layers",
    "0,1",
    ...args,
  );
  assert.equal(outcome.code, 0, outcome.err.join());
  return `${directory.path}/results`;
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
let once: Promise<string> | undefined;

/** The directory of an analysis that is made once for both tests: the first leaves it as it was. */
function analyzedOnce(): Promise<string> {
  return once ??= analyzed(directory);
}

const DRAWN = [
  "all_layers_emergence",
  "layer00_feature_sharing",
  "layer00_selectivity_volcano",
  "layer01_feature_sharing",
  "layer01_selectivity_volcano",
];

Deno.test("analyze draws the statistics, each script draws its picture again, and compare compares", async () => {
  const results = await analyzedOnce();
  const drawn = () => filesIn(directory).filter((name) => /emergence|sharing|volcano/.test(name));
  assert.deepEqual(drawn(), DRAWN.map((name) => `${name}.png`));
  const bytes = (name: string) => Deno.readFileSync(`${results}/${name}`);
  const before = new Map(drawn().map((name) => [name, bytes(name)]));
  const marked = bytes(filesIn(directory).find((name) => /^layer01_top/.test(name))!);
  for (const command of [volcano, sharing, emergence, top]) {
    const again = await run(command, ["--output_dir", results, ...QUICK]);
    assert.equal(again.code, 0, again.err.join());
  }
  for (const [name, content] of before) assert.deepEqual(bytes(name), content, name);
  assert.deepEqual(bytes(filesIn(directory).find((name) => /^layer01_top/.test(name))!), marked);

  // q is over all layers, and a picture of one of them the same as among all.
  await Deno.remove(`${results}/layer01_selectivity_volcano.png`);
  await run(volcano, ["--output_dir", results, "--layers", "1", ...QUICK]);
  assert.deepEqual(
    bytes("layer01_selectivity_volcano.png"),
    before.get("layer01_selectivity_volcano.png"),
  );

  using second = new TemporaryDirectory();
  const others = await analyzed(second, "q");
  const output = `${directory.path}/compare`;
  const how = ["--output_dir", output, ...QUICK];
  const compared = await run(compare, ["--a", results, "--b", others, ...how]);
  assert.equal(compared.code, 0, compared.err.join());
  assert.match(compared.out.join("\n"), /different persons, 22 and 22; no person is in both/);
  const files = [...Deno.readDirSync(output)].map(({ name }) => name).sort();
  assert.deepEqual(files, [
    "compare.json",
    "compare.md",
    "compare_features.png",
    "compare_slots.png",
  ]);
  const json = JSON.parse(Deno.readTextFileSync(`${output}/compare.json`));
  assert.deepEqual(json.persons, { a: 22, b: 22, shared: 0 });
  assert.equal(json.layers.length, 2);
  assert.equal(json.layers[0].slots.length, RULES.length + 1);
  // Eleven wordings of each relation, of two files: intervals are over both, and not paired.
  assert(
    json.notes.some((note: string) =>
      /over persons and wordings.*different question files/.test(note)
    ),
  );
  const sure = json.layers[1].slots.filter(
    (each: { interval_over: string | null; reason: string | null }) => {
      assert.equal(each.interval_over === null, each.reason !== null);
      return each.interval_over !== null;
    },
  );
  assert(sure.length > 0);
  for (const { interval_over } of sure) assert.equal(interval_over, "persons and wordings");
  // The same questions and SAEs: what was found is the same.
  assert(json.layers[1].slots.every(({ difference }: { difference: number }) => difference === 0));

  for (
    const [args, message] of [
      [["--a", results, "--b", results], /--a and --b name the same directory/],
      [["--a", results, "--b", others, "--layers", "7"], /lacks layer 7; it holds layers 0, 1/],
      [["--a", results, "--b", `${results}/none`], /none does not exist; make an analysis with: /],
      [
        ["--a", results, "--b", dirname(results)],
        /holds no analysis itself; name one below it with --b: .*results$/,
      ],
      [["--a", results], /--b: it is missing/],
    ] as const
  ) {
    const refused = await run(compare, [...args, ...how]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err.join("\n"), message);
    assert.equal(refused.err.length, 1);
  }

  // Other relations, other layers: named.
  using third = new TemporaryDirectory();
  const fewer = await analyzed(third, "p", "--relations", "birth_city,major");
  const relations = await run(compare, ["--a", results, "--b", fewer, ...how]);
  assert.match(relations.err.join(), /different relations: only .* has birth_date, university/);
  for (const name of filesIn(third)) {
    if (name.startsWith("layer00")) await Deno.remove(`${fewer}/${name}`);
  }
  const layers = await run(compare, ["--a", results, "--b", fewer, ...how]);
  assert.match(
    layers.err.join(),
    /different layers: only .* holds layer 0; compare what both hold/,
  );
});

Deno.test("an analysis without statistics removes pictures of other numbers, and the scripts say what makes them", async () => {
  await analyzedOnce();
  const changed = ["--no_statistics", "--activation_threshold", "0.2"];
  const results = await analyzed(directory, "p", ...changed);
  assert.deepEqual(filesIn(directory).filter((name) => /emergence|sharing|volcano/.test(name)), []);
  for (const command of [volcano, sharing, emergence]) {
    const { code, err } = await run(command, ["--output_dir", results]);
    assert.equal(code, 1);
    assert.match(err.join("\n"), /holds no statistics of layers 0, 1/);
    assert.equal(err.length, 1);
  }
});

Deno.test("layers that were not measured together with the others are said to be left out", async () => {
  using own = new TemporaryDirectory();
  const results = await analyzed(own, "r");
  const path = `${results}/selectivity.json`;
  const summary = JSON.parse(Deno.readTextFileSync(path));
  const sites = summary.sites.filter(({ layer }: { layer: number }) => layer === 1);
  Deno.writeTextFileSync(path, JSON.stringify({ ...summary, sites }));
  const noted: string[] = [];
  const terminal = new class extends CaughtTerminal {
    override note(message?: string): void {
      noted.push(String(message));
    }
  }();
  assert.equal(await execute(volcano, ["--output_dir", results, ...QUICK], terminal), 0);
  assert.deepEqual(noted, [
    "layer 0 is left out: q is over the layers that were measured together, layer 1",
  ]);
});

Deno.test("of damaged statistics the layer and the file are named, and the command that makes them again", async () => {
  using own = new TemporaryDirectory();
  const results = await analyzed(own, "r");
  const path = `${results}/layer01_selectivity.npy`;
  await Deno.writeFile(path, (await Deno.readFile(path)).subarray(0, 3000));
  const remedy = (layers: string) =>
    `make it with: deno task analyze --layers ${layers} --output_dir ${results}, and the options that name your files`;
  const where = `error: ${results}: q is over all layers together, and the statistics of layer 1 ` +
    "cannot be used:";
  for (const args of [[], ["--layers", "0"]]) {
    const { code, err } = await run(volcano, ["--output_dir", results, ...args]);
    assert.equal(code, 1);
    assert.deepEqual(err, [`${where} ${path} is not as it was written; ${remedy("0,1")}`]);
  }
  const listed = await run(features, ["--output_dir", results, "--layers", "1"]);
  assert.equal(listed.code, 1);
  assert(listed.err[0]!.startsWith(`error: ${path} is truncated: `), listed.err[0]);
  assert(listed.err[0]!.endsWith(`; ${remedy("1")}`), listed.err[0]);
});
