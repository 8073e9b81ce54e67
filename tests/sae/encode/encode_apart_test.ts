/** What a thread is handed to encode: no more than it needs, and what it is to give back. */
import assert from "node:assert/strict";
import { rowsInMemory, sharedRows } from "../../../lib/files/rows.ts";
import { encodeApartOf, freeInput, ownOf } from "../../../lib/sae/encode/encode_apart.ts";
import { sliceSae } from "../../../lib/sae/encode/slice_sae.ts";
import { randomInput } from "./float64_formula.ts";

/** Some states that are a part of the memory of a hundred times as many. */
function partOfMany() {
  const input = randomInput("supervised");
  const { count, width } = input.hidden;
  const many = new Float32Array(100 * count * width);
  many.set(input.hidden.read(0, count), 3 * width);
  return { ...input, hidden: rowsInMemory(many.subarray(3 * width, (3 + count) * width), width) };
}

Deno.test("encodeApartOf() copies the states that are encoded, not the memory that they are a part of", async () => {
  const input = partOfMany();
  const { hidden } = await encodeApartOf(input);
  assert.deepEqual(hidden, input.hidden.read(0, input.hidden.count));
  assert.equal(hidden.buffer.byteLength, hidden.byteLength);
});

Deno.test("a thread becomes the owner of states that it does not share, and frees them with the weights", async () => {
  const input = partOfMany();
  const apart = await encodeApartOf({ ...input, columns: () => {} });
  const rooms = apart.columns!.map(({ values }) => values.buffer);
  assert.deepEqual(
    new Set(ownOf(apart)),
    new Set([apart.rows.buffer, apart.hidden.buffer, ...rooms]),
  );
  freeInput(apart);
  assert.deepEqual([apart.hidden.length, apart.rows.length], [0, 0]);
  assert.notEqual(input.hidden.read(0, 1).length, 0, "whoever asked has them still");
});

Deno.test("states that threads share stay everybody's", async () => {
  const input = randomInput("supervised");
  const { count, width } = input.hidden;
  const shared = new Float32Array(new SharedArrayBuffer(4 * count * width));
  const apart = await encodeApartOf({ ...input, hidden: sharedRows(shared, width) });
  assert.equal(apart.hidden, shared);
  assert.deepEqual(ownOf(apart), [apart.rows.buffer]);
  freeInput(apart);
  assert.equal(shared.length, count * width);
});

Deno.test("of an SAE, a thread is handed the numbers of its own features, and not all that they are a part of", async () => {
  const { sae, ...input } = randomInput("supervised");
  const numbers = () => new Float32Array(sae.featureCount).fill(0.5);
  const activation = { threshold: numbers(), scale: numbers(), offset: numbers(), floor: 0 };
  const part = sliceSae({ ...sae, activation }, { first: 8, count: 16 });
  const { sae: { bias, activation: own } } = await encodeApartOf({ ...input, sae: part });
  const { threshold, scale, offset, floor } = own;
  for (const values of [bias, threshold as Float32Array, scale!, offset!]) {
    assert.deepEqual([values.length, values.buffer.byteLength], [16, 4 * 16]);
  }
  assert.deepEqual(bias, sae.bias.slice(8, 24));
  assert.equal(floor, 0);
});
