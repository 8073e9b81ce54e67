/**
 * Files from strangers that are made to run, hang or exhaust memory. Each is read by a process of
 * its own, which may read and nothing else: it ends with one clear line, within 5 seconds and 1 GiB.
 * The seconds are those that the process is at work, so that a busy machine changes nothing.
 * Smaller lies are tested beside each reader.
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/temporary.ts";
import { CASES } from "./hostile_files.ts";
import type { Reading } from "./reader_process.ts";

const PROGRAM = new URL("reader_process.ts", import.meta.url).pathname;

/** What the issue promises: far above what is needed, so that no slow machine fails. */
const MAX = { seconds: 5, mebibytes: 1024 };

/** How long a process may take by the clock, in seconds: one that waits is not at work. */
const PATIENCE = 120;

async function readInProcess(reader: string, path: string): Promise<Reading> {
  const flags = ["run", "--quiet", "--cached-only", "--no-prompt", "--allow-read"];
  // A hang ends after two minutes. And a process hands its peak of memory on to what it starts, so
  // that without another between them these tests' own would be counted as the reader's.
  const { stdout, stderr } = await new Deno.Command("timeout", {
    args: [String(PATIENCE), Deno.execPath(), ...flags, PROGRAM, reader, path],
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  assert.notEqual(stdout.length, 0, `it was still busy after ${PATIENCE} seconds`);
  return JSON.parse(decoder.decode(stdout));
}

for (const { reader, what, file = "file", write, message } of CASES) {
  Deno.test({
    name: `the reader of ${reader} refuses ${what}`,
    ignore: Deno.build.os !== "linux" && Deno.env.get("CI") === undefined,
    fn: async () => {
      using directory = new TemporaryDirectory();
      const path = `${directory.path}/${file}`;
      await write(path);
      const reading = await readInProcess(reader, path);
      assert.equal(reading.outcome, "refused", reading.message);
      assert.match(reading.message, message);
      assert(reading.message.startsWith(path), `${reading.message} does not begin with the file`);
      assert(!reading.message.includes("\n"));
      assert(reading.message.length <= 2000, "the line is longer than a reader has patience");
      assert(reading.seconds < MAX.seconds, `it took ${reading.seconds} s of processor time`);
      assert(reading.mebibytes < MAX.mebibytes, `it took ${reading.mebibytes} MiB`);
    },
  });
}
