import assert from "node:assert/strict";
import { SILENT } from "../../lib/base/observer.ts";
import { analysisTimesSchema, readTimesOf, writeTimes } from "../../lib/results/times_file.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { manyNames, testSchema } from "../support/schema_cases.ts";

const TIMES = { layers_analyzed: [0, 6], phase_seconds: { "language model": 12.345, SAEs: 1.5 } };

Deno.test("readTimesOf() gives the times of a run of just these layers", async () => {
  using directory = new TemporaryDirectory();
  await writeTimes(directory.path, TIMES);
  assert.deepEqual(await readTimesOf(directory.path, [0, 6]), TIMES);
  assert.equal(await readTimesOf(directory.path, [0]), undefined);
  assert.equal(await readTimesOf(directory.path, [0, 3, 6]), undefined);
});

Deno.test("readTimesOf() knows nothing where there was no run", async () => {
  using directory = new TemporaryDirectory();
  assert.equal(await readTimesOf(directory.path, [6]), undefined);
});

Deno.test("readTimesOf() goes on without a damaged file, with a warning", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("analysis_times.json", '{"layers_analyzed": [6]}');
  const warnings: string[] = [];
  const observer = { ...SILENT, warn: (message: string) => warnings.push(message) };
  assert.equal(await readTimesOf(directory.path, [6], observer), undefined);
  assert.equal(warnings.length, 1);
  assert(warnings[0]!.startsWith(path), warnings[0]);
});

testSchema("the times", { schema: analysisTimesSchema, value: TIMES }, [
  ["a time beyond all lives", (file) => file.phase_seconds.SAEs = 1e300],
  ["thousands of phases", (file) => file.phase_seconds = manyNames(1)],
  ["a negative time", (file) => file.phase_seconds.SAEs = -1],
]);
