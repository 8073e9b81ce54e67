/**
 * What the tests do a few times, many times, and what they leave out as slow: `deno task soak`, which CI runs after the tests.
 *
 *     deno task soak
 */
import { fuzzInProcess } from "../fuzz/fuzz_in_process.ts";
import { CASES } from "../hostile/hostile_files.ts";
import { testRefusals } from "../hostile/refusals.ts";
import { PLACES, testRefusedRuns } from "../hostile/refused_runs.ts";
import { killRuns } from "../support/kill_runs.ts";
import { expectsMounts } from "../support/mounts.ts";
import { refuseOnFullDisk, WRITING } from "../support/refuse_on_full_disk.ts";
import { remake, REMAKING } from "../support/remake.ts";

testRefusals(CASES); // first, as it starts a process that reads them

testRefusedRuns(Object.keys(PLACES));

Deno.test("analyze that is killed leaves whole files, and is finished by the next run, 50 times", () =>
  killRuns(10, 5));

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`20,000 damaged files are refused in one line, or read as what they say (seed ${seed})`, () =>
    fuzzInProcess(20_000, seed));
}

Deno.test("each script that makes something again does its work with the permissions of its task", () =>
  remake(REMAKING));

for (const what of ["bytes", "files"] as const) {
  Deno.test({
    name:
      `each script says in one line that a disk has no room for more ${what}, and leaves nothing`,
    ignore: !expectsMounts,
    fn: () => refuseOnFullDisk(what, WRITING),
  });
}

// After those above: what is read in a process of its own is timed.
await import("./added_commands.ts");
await import("./demo.ts");
await import("./interrupted.ts");
await import("./killed_reader.ts");
await import("./killed_model.ts");
await import("./killed_threads.ts");
await import("./many_lines.ts");
await import("./native_binary.ts");
await import("./packed_bench.ts");
await import("./reference_on_gpu.ts");
