import assert from "node:assert/strict";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { readSelectivity, readSelectivityRecord } from "../../lib/results/read_selectivity.ts";
import { features } from "../../scripts/features.ts";
import { auroc } from "../../lib/stats/auroc.ts";
import { benjaminiHochberg } from "../../lib/stats/benjamini_hochberg.ts";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { run } from "../support/run.ts";
import { assertClose } from "../support/statistics_fixtures.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { RULES } from "../support/tiny_analysis.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

const PERSONS = 12;

/** A question about each relation for each person. */
function linesOf(persons: number, withPersons = true): string[] {
  return Array.from({ length: persons * RULES.length }, (_, i) => {
    const [rule, person] = [i % RULES.length, Math.floor(i / RULES.length)];
    const known = withPersons
      ? { person_id: `p${person}`, template_idx: person % 2, household: `h${person % 10}` }
      : {};
    const question = `${RULES[rule]} of ${"abcdefghijklm"[person]}?`;
    return JSON.stringify({ rule_idx: rule, rule_name: RULES[rule], question, ...known });
  });
}

async function analyzed(
  directory: TemporaryDirectory,
  persons: number,
  withPersons = true,
  ...args: string[]
): Promise<void> {
  const inputs = { layers: [0, 1], lines: linesOf(persons, withPersons), statistics: true };
  const samples = ["--samples_per_relation", String(persons)];
  const layers = ["--layers", "0,1", "--activation_threshold", "0"];
  const outcome = await analyzeTiny(directory, inputs, ...samples, ...layers, ...args);
  assert.equal(outcome.code, 0, outcome.err.join());
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
let once: Promise<void> | undefined;

/** The results of persons who are known, with the table as CSV, too: made once for all tests. */
async function plainResults(): Promise<TemporaryDirectory> {
  await (once ??= analyzed(directory, PERSONS, true, "--table", "csv"));
  return directory;
}

async function rowsIn({ path }: TemporaryDirectory): Promise<Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(`${path}/results/selectivity.parquet`);
  return await parquetReadObjects({ file });
}

Deno.test("the table tells the features of several SAEs at one site apart", async () => {
  using directory = new TemporaryDirectory();
  for (const [seed, name] of [[1, "l0_9"], [5, "l0_82"]] as const) {
    writeSaelens(directory, `sae/width_1k/${name}`, { hook: "blocks.1.hook_resid_pre", seed });
  }
  const inputs = { layers: [], lines: linesOf(PERSONS), statistics: true };
  const sites = ["--layers", "all", "--force_sae", "--table", "csv"];
  const { code, err } = await analyzeTiny(directory, inputs, ...sites);
  assert.equal(code, 0, err.join());
  const rows = await rowsIn(directory);
  assert.equal(rows.length, 2 * 6 * 12);
  const whose = new Set(rows.map(({ site, group, feature }) => `${site} ${group} ${feature}`));
  assert.equal(whose.size, rows.length);
  assert.deepEqual(
    [...new Set(rows.map(({ site }) => site))],
    ["pre 1 (l0_9)", "pre 1 (l0_82)"],
  );
  const [, ...lines] = Deno.readTextFileSync(`${directory.path}/results/selectivity.csv`).split(
    "\n",
  );
  assert(lines[0]!.startsWith("pre 1 (l0_9),"), lines[0]);

  const summary = JSON.parse(Deno.readTextFileSync(`${directory.path}/results/selectivity.json`));
  assert.deepEqual(
    summary.sites.map(({ site }: { site: string }) => site),
    ["pre 1 (l0_9)", "pre 1 (l0_82)"],
  );
  const results = ["--output_dir", `${directory.path}/results`, "--relation", "major"];
  const listed = await run(features, [...results, "--sites", "pre:1"]);
  const headings = listed.out.filter((line) => /^pre /.test(line));
  assert.deepEqual(headings.map((line) => line.split(":")[0]), ["pre 1 (l0_9)", "pre 1 (l0_82)"]);
  const other = await run(features, [...results, "--sites", "post:1"]);
  assert.match(other.err.join(), /holds no analysis of post:1; it holds pre 1 \(l0_9\), pre 1/);
});

Deno.test("the table has a row for each site, group and feature, made of what lies beside it", async () => {
  const directory = await plainResults();
  const rows = await rowsIn(directory);
  assert.equal(rows.length, 2 * 6 * 11);
  assert.deepEqual(Object.keys(rows[0]!).join(), COLUMNS);
  assert.deepEqual(new Set(rows.map(({ site }) => site)), new Set(["pre 0", "pre 1"]));

  const results = `${directory.path}/results`;
  const record = await readSelectivityRecord(results, 1);
  const { activations, questions, measures } = await readSelectivity(results, 1, record!);
  const count = questions.length / 5;
  const groupOf = questions.filter((_, i) => i % 5 === 0);
  record!.listed.forEach((feature, i) => {
    const values = activations.subarray(i * count, (i + 1) * count);
    for (let group = 0; group < 6; group++) {
      const row = rows.find((each) =>
        each.site === "pre 1" && each.group === record!.groups[group]!.key &&
        each.feature === feature
      )!;
      const inGroup = Array.from(groupOf, (each) => each === group);
      assert.equal(row.auroc, auroc(values, inGroup).auroc);
      assert.equal(row.log10_p, measures.log10_p[group * 11 + feature]);
      assert.equal(row.difference, Number(row.mean_in) - Number(row.mean_out));
    }
  });
  const p = rows.map(({ log10_p }) => log10_p as number | null);
  const bound = { relative: 1e-12, absolute: 1e-14 };
  assertClose(rows.map(({ log10_q }) => log10_q), benjaminiHochberg(p), bound);
  const csv = Deno.readTextFileSync(`${results}/selectivity.csv`).trimEnd().split("\n");
  assert.equal(csv[0], COLUMNS);
  assert(csv.length > 1 && csv.every((line) => line.split(",").length === 20));
});

Deno.test("the same again gives the same bytes, and computes nothing", async () => {
  const directory = await plainResults();
  const bytes = () => Deno.readFileSync(`${directory.path}/results/selectivity.parquet`);
  const before = bytes();
  await analyzed(directory, PERSONS);
  assert.deepEqual(bytes(), before);
  await analyzed(directory, PERSONS, true, "--force");
  assert.deepEqual(bytes(), before);
});

Deno.test("with few persons there are no intervals and no discoveries, and the reason is said", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, 4, true, "--layers", "1");
  for (const row of await rowsIn(directory)) {
    assert.equal(row.auroc_low, null);
    assert.equal(row.difference_high, null);
    assert.equal(row.discovery, false);
    assert(typeof row.auroc === "number" && typeof row.log10_p === "number");
  }
  const { notes } = JSON.parse(
    Deno.readTextFileSync(`${directory.path}/results/selectivity.json`),
  );
  assert(notes.some((note: string) => /4 persons, fewer than 10/.test(note)), notes.join());
});

Deno.test("without persons each question counts as one, and it is said", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, PERSONS, false, "--layers", "1");
  assert((await rowsIn(directory)).every(({ log10_p }) => typeof log10_p === "number"));
  const outcome = await run(features, ["--output_dir", `${directory.path}/results`]);
  assert.equal(outcome.code, 0);
  assert.match(outcome.out.join("\n"), /Not every question says whom it is about/);
});

Deno.test("persons are those of the field that is named", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, PERSONS, true, "--cluster_field", "household", "--layers", "1");
  const record = await readSelectivityRecord(`${directory.path}/results`, 1);
  assert.equal(record!.persons, 10);
  assert.deepEqual(record!.groups.map(({ persons }) => persons), new Array(6).fill(10));
  const { halves } = record!;
  assert.deepEqual([halves.choosing, halves.estimating], [5, 5]);
});

Deno.test("of one relation alone, what is compared does not exist", async () => {
  using directory = new TemporaryDirectory();
  await analyzed(directory, PERSONS, true, "--relations", "birth_city", "--layers", "1");
  for (const row of await rowsIn(directory)) {
    assert(typeof row.mean_in === "number");
    for (const name of ["mean_out", "auroc", "log10_p", "log10_q", "discovery"]) {
      assert.equal(row[name], null, name);
    }
  }
});

Deno.test("features are listed with both halves, and what cannot be is refused in a line", async () => {
  const directory = await plainResults();
  const results = ["--output_dir", `${directory.path}/results`];
  const listed = await run(features, [...results, "--layers", "1", "--relation", "birth_city"]);
  assert.equal(listed.code, 0, listed.err.join());
  assert.match(
    listed.out.join("\n"),
    /pre 1: birth_city against all others, chosen on 6 persons, estimated/,
  );
  assert.match(listed.out.join("\n"), /hold for these wordings \(2\)/);
  const why =
    /no interval of \d+(, \d+)*: fewer than 10 persons \(\d\) in the relation, or outside of it/;
  assert.match(listed.out.join("\n"), why);
  assert.match(listed.out.join("\n"), /0: \d\.\d\d, 1: \d\.\d\d \((agree|do not agree)\)/);
  const pair = ["--relation", "birth_city", "--against", "work_city", "--top", "3"];
  assert.match((await run(features, [...results, ...pair])).out.join("\n"), /against work_city/);
  const many = await run(features, [...results, "--relation", "birth_city", "--top", "60"]);
  assert.match(many.out[0]!, /the 50 features farthest .* no more can be listed.*--top says 60/);
  const cases = [
    [["--relation", "age"], /there is no relation age; there are birth_date, birth_city/],
    [["--against", "major"], /--against is for one relation/],
    [["--relation", "major", "--against", "major"], /names the relation itself/],
  ] as const;
  for (const [args, message] of cases) {
    const outcome = await run(features, [...results, ...args]);
    assert.notEqual(outcome.code, 0);
    assert.match(outcome.err[0]!, message);
    assert.equal(outcome.err.length, 1, outcome.err.join());
  }
});

Deno.test("an analysis without statistics removes those of other numbers", async () => {
  const directory = await plainResults(); // which nobody needs any more
  assert(filesIn(directory).includes("layer01_selectivity.npy"));
  await analyzed(directory, PERSONS, true, "--no_statistics", "--activation_threshold", "0.2");
  assert.deepEqual(filesIn(directory).filter((name) => /selectivity/.test(name)), []);
});

Deno.test("a table as CSV that is there goes with the table beside it, asked for or not", async () => {
  using directory = new TemporaryDirectory();
  const samples = ["--layers", "1", "--samples_per_relation"];
  await analyzed(directory, 4, true, ...samples, "4", "--table", "csv");
  const path = `${directory.path}/results/selectivity.csv`;
  await analyzed(directory, 4, true, ...samples, "3");
  const found = Deno.readTextFileSync(path);
  await analyzed(directory, 4, true, ...samples, "3", "--table", "csv", "--force");
  assert.equal(found, Deno.readTextFileSync(path));
  const countOf = (row: string) => row.split(",")[3]; // n_in
  assert.deepEqual([...new Set(found.trim().split("\n").slice(1).map(countOf))], ["3"]);
});

const COLUMNS =
  "site,group,feature,n_in,n_out,mean_in,mean_out,sd_in,sd_out,active_in,active_out," +
  "difference,difference_low,difference_high,auroc,auroc_low,auroc_high,log10_p,log10_q,discovery";
