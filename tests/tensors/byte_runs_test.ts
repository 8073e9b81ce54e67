import assert from "node:assert/strict";
import { copyRuns, oneRun, readRuns } from "../../lib/tensors/byte_runs.ts";
import { CountingSource } from "./counting_source.ts";
import { bytesSource } from "../support/bytes_source.ts";

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

Deno.test("readRuns() gives the bytes of the runs, one after the other", async () => {
  const source = bytesSource("f", BYTES);
  const runs = { start: 2, length: 3, step: 10, count: 3 };
  assert.deepEqual([...await readRuns(source, runs)], [2, 3, 4, 12, 13, 14, 22, 23, 24]);
  assert.deepEqual([...await readRuns(source, runs, 50)], [52, 53, 54, 62, 63, 64, 72, 73, 74]);
  assert.deepEqual([...await readRuns(source, oneRun(4, 7))], [4, 5, 6]);
  assert.deepEqual([...await readRuns(source, { ...runs, count: 0 })], []);
});

Deno.test("readRuns() reads short gaps along, and leaves long ones out", async () => {
  const far = 2 ** 20;
  const bytes = new Uint8Array(3 * far);
  for (const [step, reads, most] of [[1000, 1, 2010], [far, 3, 30]] as const) {
    const source = new CountingSource(bytesSource("f", bytes));
    await readRuns(source, { start: 0, length: 10, step, count: 3 });
    assert.equal(source.ranges.length, reads);
    assert.equal(source.bytesRead, most);
  }
});

Deno.test("copyRuns() gives the same from pieces of any length", () => {
  const runs = { start: 5, length: 4, step: 7, count: 9 };
  const expected = Array.from({ length: 36 }, (_, i) => 5 + 7 * Math.floor(i / 4) + i % 4);
  for (const size of [1, 2, 3, 4, 5, 7, 8, 13, 50, 100]) {
    const found = new Uint8Array(36);
    for (let at = 0; at < BYTES.length; at += size) {
      copyRuns(BYTES.subarray(at, at + size), at, runs, found);
    }
    assert.deepEqual([...found], expected, `pieces of ${size}`);
  }
});
