import assert from "node:assert/strict";
import { PickleReader } from "../../lib/tensors/pickle_reader.ts";

function reader(...bytes: number[]): PickleReader {
  return new PickleReader(Uint8Array.from(bytes));
}

function lines(text: string): PickleReader {
  return new PickleReader(new TextEncoder().encode(text));
}

Deno.test("PickleReader reads one value after another, little-endian", () => {
  const values = reader(7, 0x34, 0x12, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff);
  assert.equal(values.byte(), 7);
  assert.equal(values.uint16(), 0x1234);
  assert.equal(values.uint32(), 2 ** 32 - 1);
  assert.equal(values.int32(), -2);
  assert.throws(() => values.byte(), { name: "SyntaxError", message: "it ends too early" });
});

Deno.test("PickleReader reads floats big-endian", () => {
  assert.equal(reader(0x3f, 0xf8, 0, 0, 0, 0, 0, 0).float64(), 1.5);
});

Deno.test("PickleReader.integer() takes two's complement of any length", () => {
  assert.equal(reader().integer(0), 0);
  assert.equal(reader(0xff).integer(1), -1);
  assert.equal(reader(0xff, 0).integer(2), 255);
  assert.equal(reader(0, 0, 0, 0, 0, 0, 0, 0, 1).integer(9), 2n ** 64n);
});

Deno.test("PickleReader.decimal() tells integers from the booleans of protocol 0", () => {
  const values = lines("00\n01\n0\n-12\n99999999999999999999L\n1.5\n");
  const read = Array.from({ length: 5 }, () => values.decimal());
  assert.deepEqual(read, [false, true, 0, -12, 99999999999999999999n]);
  assert.throws(() => values.decimal(), SyntaxError);
});

Deno.test("PickleReader.escapedLine() reads raw-unicode-escape", () => {
  const bytes = [0xe9, ...new TextEncoder().encode("\\u017c \\U0001f422 \\n\n")];
  assert.equal(new PickleReader(Uint8Array.from(bytes)).escapedLine(), "éż 🐢 \\n");
});
