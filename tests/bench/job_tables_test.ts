import assert from "node:assert/strict";
import { numbersTable } from "../../bench/job_tables.ts";
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
