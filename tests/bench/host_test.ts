import assert from "node:assert/strict";
import { hostTable } from "../../bench/host.ts";

Deno.test("a row says how long the work took, at what rate, and what the whole job comes to", () => {
  const { rows, notes } = hostTable([
    { name: "hash", size: "2 MB", bytes: 2e6, times: 24, seconds: 0.004, cpuSeconds: 0.005 },
    { name: "read", size: "2 MB", bytes: 2e6, times: 0, seconds: 0.02, cpuSeconds: 0.02 },
    { name: "pictures", size: "3 layers", times: 4, seconds: 1.5, cpuSeconds: 3 },
  ], 16);
  assert.deepEqual(rows, [
    ["hash", "2 MB", "4.00 ms", "5.00 ms", "500 MB/s", "0.10 s"],
    ["read", "2 MB", "20 ms", "20 ms", "100 MB/s", "–"],
    ["pictures", "3 layers", "1500 ms", "3000 ms", "–", "6.00 s"],
  ]);
  assert.match(notes![0]!, /^16 cores\./);
});
