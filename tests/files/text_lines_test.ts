import assert from "node:assert/strict";
import type { ByteSource } from "../../lib/files/byte_source.ts";
import { readLines } from "../../lib/files/text_lines.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { bytesSource } from "../support/bytes_source.ts";

/** What readLines() reads at a time, and its longest line, in bytes. */
const MIB = 2 ** 20;

function sourceOf(text: string): ByteSource {
  return bytesSource("lines.txt", new TextEncoder().encode(text));
}

async function textsOf(text: string): Promise<string[]> {
  const lines = await Array.fromAsync(readLines(sourceOf(text)));
  return lines.map((line) => line.text);
}

Deno.test("readLines() numbers the lines from 1, empty ones too", async () => {
  assert.deepEqual(await Array.fromAsync(readLines(sourceOf("a\n\nb\n"))), [
    { number: 1, text: "a" },
    { number: 2, text: "" },
    { number: 3, text: "b" },
  ]);
});

Deno.test("readLines() finds no line in an empty file", async () => {
  assert.deepEqual(await textsOf(""), []);
});

Deno.test("readLines() accepts a last line without an end", async () => {
  assert.deepEqual(await textsOf("a\nb"), ["a", "b"]);
});

Deno.test("readLines() accepts CRLF and a byte-order mark", async () => {
  assert.deepEqual(await textsOf("\ufeffa\r\n\r\nb\r\n"), ["a", "", "b"]);
});

Deno.test("readLines() keeps a carriage return within a line", async () => {
  assert.deepEqual(await textsOf("a\rb\n"), ["a\rb"]);
});

Deno.test("readLines() keeps what looks like a line end only in Unicode", async () => {
  assert.deepEqual(await textsOf("a\u2028b\u0085c\n"), ["a\u2028b\u0085c"]);
});

Deno.test("readLines() joins a character that two reads split", async () => {
  // The first line is half a chunk; the second puts the bytes of é on either side of its end.
  const [half, upToBorder] = ["a".repeat(MIB / 2 - 1), "b".repeat(MIB / 2 - 1)];
  assert.deepEqual(await textsOf(`${half}\n${upToBorder}éc\nd`), [half, `${upToBorder}éc`, "d"]);
});

Deno.test("readLines() joins a CRLF that two reads split", async () => {
  const line = "a".repeat(MIB - 1);
  assert.deepEqual(await textsOf(`${line}\r\nb`), [line, "b"]);
});

Deno.test("readLines() accepts a line of 1 MiB but none longer", async () => {
  const longest = "a".repeat(MIB);
  assert.deepEqual(await textsOf(`${longest}\nb`), [longest, "b"]);
  await assert.rejects(
    textsOf(`b\n${longest}a\n`),
    inputErrorNaming("lines.txt:2", "longer than 1048576 bytes"),
  );
});

Deno.test("readLines() refuses a last line longer than 1 MiB", async () => {
  await assert.rejects(
    textsOf("a".repeat(MIB + 1)),
    inputErrorNaming("lines.txt:1", "longer than 1048576 bytes"),
  );
});

Deno.test("readLines() gives up on an endless line without reading all of it", async () => {
  const endless = sourceOf("a".repeat(4 * MIB));
  let read = 0;
  const lines = readLines(endless, (bytes) => read += bytes.length);
  await assert.rejects(Array.fromAsync(lines), inputErrorNaming("lines.txt:1", "longer than"));
  assert.equal(read, 2 * MIB);
});

for (const [what, bytes] of [["a stray byte", [0x0a, 0xff]], ["half a letter", [0x0a, 0xc3]]]) {
  Deno.test(`readLines() names the line with ${what}`, async () => {
    const source = bytesSource("lines.txt", Uint8Array.from(bytes as number[]));
    await assert.rejects(
      Array.fromAsync(readLines(source)),
      inputErrorNaming("lines.txt:2", "the line is no UTF-8 text"),
    );
  });
}

Deno.test("readLines() yields the lines before a bad one", async () => {
  const source = bytesSource("lines.txt", Uint8Array.of(0x61, 0x0a, 0xff));
  const lines = readLines(source);
  assert.deepEqual((await lines.next()).value, { number: 1, text: "a" });
});

Deno.test("readLines() shows all bytes in order, line ends and mark included", async () => {
  const text = "\ufeff" + `${"é".repeat(300)}\r\n`.repeat(MIB / 500); // longer than one read
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let seen = "";
  const lines = readLines(sourceOf(text), (bytes) => {
    seen += decoder.decode(bytes, { stream: true });
  });
  await Array.fromAsync(lines);
  assert.ok(seen === text, "what onBytes saw is not the text"); // no diff of a million characters
});

Deno.test("readLines() refuses more lines than it is told, by default more than a million", async () => {
  let last = 0;
  const consume = async (lines: number, ...told: number[]) => {
    const source = sourceOf("\n".repeat(lines));
    for await (const { number } of readLines(source, () => {}, ...told)) last = number;
  };
  await assert.rejects(consume(1001, 1000), inputErrorNaming("lines.txt", "has over 1000 lines"));
  assert.equal(last, 1000); // they were read before
  await consume(1000, 1000);
  await consume(1001);
});

Deno.test("readLines() says in which column a line stops being UTF-8", async () => {
  const bytes = new TextEncoder().encode("a\nné \ufffd 🐢x\n");
  bytes[bytes.length - 2] = 0xc3; // the x: a beginning without an end
  await assert.rejects(
    Array.fromAsync(readLines(bytesSource("lines.txt", bytes))),
    inputErrorNaming("lines.txt:2", "no UTF-8 text (column 7)"),
  );
});
