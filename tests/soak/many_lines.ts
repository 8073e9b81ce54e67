/** As many lines as a file may have. */
import assert from "node:assert/strict";
import { readLines } from "../../lib/files/text_lines.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

Deno.test("readLines() reads a million lines and refuses the next", async () => {
  const more = bytesSource("lines.txt", new Uint8Array(1_000_001).fill(0x0a));
  let last = 0;
  const consume = async () => {
    for await (const { number } of readLines(more)) last = number;
  };
  await assert.rejects(consume(), inputErrorNaming("lines.txt", "has over 1000000 lines"));
  assert.equal(last, 1_000_000);
});
