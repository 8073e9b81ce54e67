/** What scripts do with results that were edited or swapped after they were written. */
import assert from "node:assert/strict";
import type { Command } from "../../lib/cli/command.ts";
import { commonFeatures } from "../../scripts/common_features.ts";
import { consistency } from "../../scripts/consistency.ts";
import { dense } from "../../scripts/dense.ts";
import { slots } from "../../scripts/slots.ts";
import { statistics } from "../../scripts/statistics.ts";
import { summary } from "../../scripts/summary.ts";
import { top } from "../../scripts/top.ts";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";

/** The scripts, and the array that each is made of. */
const SCRIPTS: readonly [command: Command, array: string][] = [
  [statistics, "activation_matrix"],
  [dense, "activation_matrix"],
  [slots, "activation_matrix"],
  [top, "activation_matrix"],
  [summary, "slot_activations"],
  [commonFeatures, "consistency"],
  [consistency, "consistency"],
];

const shared = new TemporaryDirectory();
addEventListener("unload", () => shared[Symbol.dispose]()); // after the tests
let analyzed: [string, Uint8Array][] | undefined;

/** Results of layer 2, analysed once for all tests: each finds them as they were then. */
async function layerAnalyzed(): Promise<string> {
  if (analyzed === undefined) {
    assert.equal((await analyzeTiny(shared, {}, "--layers", "2")).code, 0);
    analyzed = contents(shared);
  }
  for (const name of filesIn(shared)) Deno.removeSync(`${shared.path}/results/${name}`);
  for (const [name, bytes] of analyzed) shared.write(`results/${name}`, bytes);
  return `${shared.path}/results`;
}

/** Every file and its content. */
function contents(directory: TemporaryDirectory): [string, Uint8Array][] {
  return filesIn(directory).map((name) => [
    name,
    Deno.readFileSync(`${directory.path}/results/${name}`),
  ]);
}

Deno.test("no script makes anything of the arrays of another layer in the place of one's own", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--layers", "0,2");
  const results = `${directory.path}/results`;
  for (const array of ["activation_matrix", "slot_activations", "consistency"]) {
    const [one, other] = ["00", "02"].map((layer) => `${results}/layer${layer}_${array}.npy`);
    Deno.renameSync(one!, `${one}.swap`);
    Deno.renameSync(other!, one!);
    Deno.renameSync(`${one}.swap`, other!);
  }
  const before = contents(directory);
  for (const [command, array] of SCRIPTS) {
    const { code, err } = await run(command, ["--output_dir", results]);
    assert.deepEqual([code, err.length], [1, 1], command.name);
    const file = command === summary ? "activation_matrix" : array; // it reads this one first
    // Two layers are worked on at a time.
    const said = new RegExp(
      `^error: ${results}/layer0[02]_${file}\\.npy is not as it was written: `,
    );
    assert.match(err[0]!, said);
  }
  assert.deepEqual(contents(directory), before, "nothing was written");

  const { code, err } = await analyzeTiny(directory, {}, "--layers", "0,2");
  assert.deepEqual([code, err], [0, []]);
  for (const [command] of SCRIPTS) {
    const quick = "dpi" in command.options ? ["--dpi", "20"] : [];
    assert.equal((await run(command, ["--output_dir", results, ...quick])).code, 0);
  }
});

for (const [command, array] of SCRIPTS) {
  Deno.test(`${command.name} names the array in which one number was edited`, async () => {
    const results = await layerAnalyzed();
    const path = `${results}/layer02_${array}.npy`;
    const bytes = Deno.readFileSync(path);
    new DataView(bytes.buffer).setUint8(bytes.length - 5, 0); // still a number
    bytes[bytes.length - 8]! ^= 1;
    Deno.writeFileSync(path, bytes);
    const { code, err } = await run(command, ["--output_dir", results]);
    assert.deepEqual([code, err.length], [1, 1]);
    assert(err[0]!.startsWith(`error: ${path} is not as it was written: `), err[0]);
  });
}

/** Edits of a record, and what is said of them. */
const EDITS: readonly [what: string, said: RegExp, edit: (record: Edited) => void][] = [
  ["relations with one key", /relations: two relations have the same key$/, ({ relations }) => {
    relations[1]!.key = relations[0]!.key;
  }],
  ["10^15 questions", /relations\.0\.questions: too big/, ({ relations }) => {
    relations[0]!.questions = 1e15;
  }],
  ["10^9 slots", /n_relation: too big/, (record) => record.n_relation = 1e9],
  ["5000 relations", /relations: too big/, (record) => {
    record.relations = Array.from({ length: 5000 }, (_, i) => ({ key: `k${i}`, questions: 1 }));
  }],
  ["no hashes", /files_sha256 is missing$/, (record) => delete record.files_sha256],
  ["another number of samples", /samples_per_relation is "many", expected a whole/, (record) => {
    record.provenance.options.samples_per_relation = "many";
  }],
];

/** A record as a test edits it. */
interface Edited {
  n_relation: number;
  relations: { key: string; questions: number }[];
  files_sha256?: unknown;
  provenance: { options: Record<string, unknown> };
}

for (const [what, said, edit] of EDITS) {
  Deno.test(`summary refuses a record that was edited to have ${what}, by name and at once`, async () => {
    const results = await layerAnalyzed();
    const path = `${results}/layer02_analysis.json`;
    const record = JSON.parse(Deno.readTextFileSync(path));
    edit(record);
    Deno.writeTextFileSync(path, JSON.stringify(record));
    const start = cpuMilliseconds();
    const { code, err } = await run(summary, ["--output_dir", results]);
    assert(cpuMilliseconds() - start < 5000);
    assert.deepEqual([code, err.length], [1, 1]);
    assert(err[0]!.startsWith(`error: ${path}`), err[0]);
    assert.match(err[0]!, said);
  });
}
