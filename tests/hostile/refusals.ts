/**
 * Has hostile files read by a process which may read and nothing else: each ends with one clear line,
 * within 5 seconds and 1 GiB. The seconds are those that the process is at work, so that a busy machine
 * changes nothing; the memory is the most that any file has taken so far.
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/temporary.ts";
import type { Reading } from "./reader_process.ts";
import type { HostileFile } from "./writing.ts";

const PROGRAM = new URL("reader_process.ts", import.meta.url).pathname;

/** What the issue promises: far above what is needed, so that no slow machine fails. */
const MAX = { seconds: 5, mebibytes: 1024 };

/** How long a file may take by the clock, in seconds: a process that waits is not at work. */
const PATIENCE = 120;

/** The process that reads. One that a file has ended is followed by another. */
class Reader {
  #process: Deno.ChildProcess;
  #requests: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #answers: ReadableStreamDefaultReader<string>;

  constructor() {
    const flags = ["run", "--quiet", "--cached-only", "--no-prompt", "--allow-read"];
    // A process hands its peak of memory on to what it starts, so that without another between them
    // these tests' own would be counted as the reader's. That other one ends it, too.
    this.#process = new Deno.Command("timeout", {
      args: ["1h", Deno.execPath(), ...flags, "--v8-flags=--expose-gc", PROGRAM],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#requests = this.#process.stdin.getWriter();
    this.#answers = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** What comes of a file, undefined if the process did not live to say so. */
  async read(reader: string, path: string): Promise<Reading | undefined> {
    const patience = setTimeout(() => this.#process.kill(), PATIENCE * 1000);
    try {
      await this.#requests.write(new TextEncoder().encode(JSON.stringify([reader, path]) + "\n"));
      let answer = "";
      while (!answer.endsWith("\n")) {
        const { value, done } = await this.#answers.read();
        if (done) return undefined;
        answer += value;
      }
      return JSON.parse(answer);
    } finally {
      clearTimeout(patience);
    }
  }

  /** Ends the process; returns how it ended, and what it said besides. */
  async end(): Promise<{ code: number; err: string }> {
    await this.#requests.close();
    const err = await new Response(this.#process.stderr).text();
    await this.#answers.cancel();
    return { code: (await this.#process.status).code, err };
  }
}

const ignore = Deno.build.os !== "linux" && Deno.env.get("CI") === undefined;

/** Tests that each of the files is refused. */
export function testRefusals(files: readonly HostileFile[]): void {
  let process = ignore ? undefined : new Reader();

  for (const { reader, what, file = "file", write, message } of files) {
    Deno.test({
      name: `the reader of ${reader} refuses ${what}`,
      ignore,
      fn: async () => {
        using directory = new TemporaryDirectory();
        const path = `${directory.path}/${file}`;
        await write(path);
        const reading = await process!.read(reader, path);
        if (reading === undefined) {
          const ended = process!;
          process = new Reader();
          assert.fail(
            `it ended, or was still busy after ${PATIENCE} seconds: ${(await ended.end()).err}`,
          );
        }
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

  Deno.test({
    name: "the readers say nothing else",
    ignore,
    sanitizeResources: false, // the process was started before this test
    fn: async () => assert.deepEqual(await process!.end(), { code: 0, err: "" }),
  });
}
