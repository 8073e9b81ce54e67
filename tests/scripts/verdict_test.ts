/** `verdict` on what `analyze` left on disk. */
import assert from "node:assert/strict";
import { features } from "../../scripts/features.ts";
import { verdict } from "../../scripts/verdict.ts";
import { analyzeTiny, filesIn, summaryIn } from "../support/analyze_tiny.ts";
import { type Outcome, run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { RULES } from "../support/tiny_analysis.ts";

/** A question about each relation for each person, in two wordings. */
function linesOf(persons: number, isKnown: boolean): string[] {
  return Array.from({ length: persons * RULES.length }, (_, i) => {
    const [rule, person] = [i % RULES.length, Math.floor(i / RULES.length)];
    const known = isKnown ? { person_id: `p${person}`, template_idx: person % 2 } : {};
    const question = `${RULES[rule]} of ${"abcdefghijklmnopqrstuvwxyz"[person]}?`;
    return JSON.stringify({ rule_idx: rule, rule_name: RULES[rule], question, ...known });
  });
}

async function analyzed(
  directory: TemporaryDirectory,
  { persons = 24, isKnown = true, statistics = true }: {
    persons?: number;
    isKnown?: boolean;
    statistics?: boolean;
  },
  ...args: string[]
): Promise<void> {
  const inputs = { layers: [0, 1], lines: linesOf(persons, isKnown), statistics };
  const samples = ["--samples_per_relation", String(persons), "--activation_threshold", "0"];
  const outcome = await analyzeTiny(directory, inputs, ...samples, "--layers", "0,1", ...args);
  assert.equal(outcome.code, 0, outcome.err.join());
}

async function judge({ path }: TemporaryDirectory, ...args: string[]): Promise<Outcome> {
  return await run(verdict, [
    "--output_dir",
    `${path}/results`,
    "--permutations",
    "49",
    ...args,
  ]);
}

Deno.test("verdict writes a text and all its numbers, the same bytes again", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, {});
  const outcome = await judge(directory);
  assert.deepEqual([outcome.code, outcome.err], [0, []]);
  const paths = ["md", "json"].map((ending) => `${directory.path}/results/verdict.${ending}`);
  assert.deepEqual(outcome.out, paths.map((path) => `wrote ${path}`));
  const read = () => paths.map((path) => Deno.readTextFileSync(path));
  const [text, json] = read();
  const { sections, length, labels } = JSON.parse(json!);
  for (const { heading, sentences } of sections) {
    assert(text!.includes(`## ${heading}`));
    for (const sentence of sentences) assert(text!.includes(sentence), sentence);
  }
  assert.equal(length.length, 6);
  assert.equal(labels.permutations, 49);
  await judge(directory);
  assert.deepEqual(read(), [text, json]);
});

Deno.test("without persons each question counts as one, and the verdict says it", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, { persons: 12, isKnown: false }, "--layers", "1");
  assert.equal((await judge(directory)).code, 0);
  const text = Deno.readTextFileSync(`${directory.path}/results/verdict.md`);
  assert.match(text, /questions about 6 relations were asked/);
  assert.match(text, /Not every question says whom it is about/);
  assert.doesNotMatch(text, /NaN|undefined|null/);
});

Deno.test("of one relation, verdict says that nothing is compared", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, { persons: 12 }, "--relations", "birth_city", "--layers", "1");
  assert.equal((await judge(directory)).code, 0);
  const text = Deno.readTextFileSync(`${directory.path}/results/verdict.md`);
  assert.match(text, /There is one group only/);
  assert.match(text, /No layer is recommended/);
});

Deno.test("layer 0 of prompts that all end alike is the control also where no two are equally long", async () => {
  using directory = new TemporaryDirectory();
  const lines = linesOf(1, true)
    .map((line, i) => line.replace("?", `${" a".repeat(3 * i)}?`));
  const inputs = { layers: [0, 1], lines, statistics: true };
  const outcome = await analyzeTiny(directory, inputs, "--samples_per_relation", "1");
  assert.equal(outcome.code, 0, outcome.err.join());
  assert.equal((await judge(directory)).code, 0);
  const text = Deno.readTextFileSync(`${directory.path}/results/verdict.md`);
  assert.match(text, /Layer 0 is the built-in control/);
});

Deno.test("verdict refuses results without statistics in a line, and writes nothing", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, { persons: 2, statistics: false });
  const before = filesIn(directory);
  const outcome = await judge(directory);
  assert.equal(outcome.code, 1);
  assert.equal(outcome.err.length, 1, outcome.err.join());
  assert.match(outcome.err[0]!, /layer 0 .* lacks the statistics of each feature/);
  assert.deepEqual(filesIn(directory), before);
});

Deno.test("verdict refuses a number of permutations that is none", async () => {
  const outcome = await run(verdict, ["--permutations", "0"]);
  assert.equal(outcome.code, 2);
  assert.match(outcome.err[0]!, /--permutations 0: expected a whole number of at least 1/);
});

Deno.test("a reader is told how features are pooled, by verdict and by features", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, {}, "--position", "any");
  await judge(directory);
  const note = /^Features are pooled over the prompt's tokens \(any\): each is 1 where/m;
  const results = `${directory.path}/results`;
  assert.match(Deno.readTextFileSync(`${results}/verdict.md`), note);
  const { position, slots } = JSON.parse(Deno.readTextFileSync(`${results}/verdict.json`));
  assert.deepEqual([position, slots.own_grade], ["any", null]);
  const listed = await run(features, ["--output_dir", results, "--layers", "1", "--top", "1"]);
  assert.match(listed.out.join("\n"), note);
});

Deno.test("layers that were read at different tokens get no common verdict", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, {}, "--position", "mean");
  const again = ["--layers", "1", "--position", "max", "--force"];
  const inputs = { layers: [0, 1], lines: linesOf(24, true), statistics: true };
  const samples = ["--samples_per_relation", "24", "--activation_threshold", "0"];
  const outcome = await analyzeTiny(directory, inputs, ...samples, ...again);
  assert.equal(outcome.code, 0, outcome.err.join());
  assert.deepEqual((await summaryIn(directory)).layers_analyzed, [1]);
  const { code, err } = await judge(directory);
  assert.equal(code, 1);
  assert.match(
    err.join(),
    /layers 0 and 1 were analysed with different prompts or positions in them/,
  );
});
