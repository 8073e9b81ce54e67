import assert from "node:assert/strict";
import { numbersTable, phaseTable } from "../../bench/job_tables.ts";
import type { NumbersRun } from "../../bench/pytorch.ts";

const run = (seconds: number, phases: Record<string, number>): NumbersRun => {
  return { seconds, cpuSeconds: 2 * seconds, peakBytes: 2 ** 30, phases };
};

Deno.test("each system has a row of medians, with its ratio to coact; one that never ran has none", () => {
  const { columns, rows } = numbersTable(
    new Map([
      ["coact", [
        run(4, { import: 1, load: 1, "language model": 1, SAEs: 1 }),
        run(2, {}),
        run(9, {}),
      ]],
      ["PyTorch", [run(8, { import: 3, load: 0.5, "language model": 4, SAEs: 0.5 })]],
      ["none", []],
    ]),
  );
  assert.deepEqual(columns.slice(0, 5), ["system", "import", "load", "language model", "SAEs"]);
  assert.deepEqual(rows, [
    ["coact", "1.00 s", "1.00 s", "1.00 s", "1.00 s", "4.00 s", "1.00", "8.00 s", "1024 MiB"],
    ["PyTorch", "3.00 s", "0.50 s", "4.00 s", "0.50 s", "8.00 s", "2.00", "16.0 s", "1024 MiB"],
  ]);
});

Deno.test("what only Linux says is a dash elsewhere", () => {
  const { rows } = numbersTable(
    new Map([["coact", [{ ...run(4, {}), cpuSeconds: undefined, peakBytes: undefined }]]]),
  );
  assert.deepEqual(rows[0]!.slice(1), ["–", "–", "–", "–", "4.00 s", "1.00", "–", "–"]);
});

Deno.test("the phases of a job stand with their limits, and the process with what is left of its time", () => {
  const phases = { "language model": 2, SAEs: 1 };
  const runs = [{ seconds: 3.5, cpuSeconds: 6, peakBytes: 2 ** 29, phases, output: "" }];
  const limits = new Map([["language model", { flop: 2e9, alone: 1 }]]);
  const { rows, columns } = phaseTable("cpu", runs, limits);
  assert.deepEqual(rows, [
    ["language model", "2.00 s", "1.0 GFLOP/s", "50 %", "", ""],
    ["SAEs", "1.00 s", "–", "–", "", ""],
    ["start and end of the process", "0.50 s", "–", "–", "", ""],
    ["whole process", "3.50 s", "–", "–", "6.00 s", "512 MiB"],
  ]);
  for (const row of rows) assert.equal(row.length, columns.length);
});
