import assert from "node:assert/strict";
import { measureBatches } from "../../bench/batches.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test("each size of batch has a row: clock and processor time, threads asleep and spinning", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  const { path } = directory;
  const job = {
    lm: `${path}/lm`,
    saes: `${path}/sae`,
    questions: `${path}/questions.jsonl`,
    perRelation: 2,
    layers: "all",
  };
  const said: string[] = [];
  const log = (line: string) => void said.push(line);
  const { columns, rows, notes } = await measureBatches(job, {
    runs: 1,
    log,
    prompts: 3,
    nodes: [8, 64],
  });
  assert.deepEqual(rows.map(([nodes]) => nodes), ["8", "64"]);
  for (const row of rows) {
    assert.equal(row.length, columns.length);
    for (const cell of row.slice(1)) assert.match(cell, /^\d+\.\d+ s$/);
  }
  assert.equal(said.length, 2);
  assert.match(notes![0]!, /^3 prompts, 2 layers, /);
});
