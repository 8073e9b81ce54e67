import assert from "node:assert/strict";
import { copiedOnce, madeOnce, rowsInMemory, sharedRows } from "../../lib/files/rows.ts";

Deno.test("what is read of rows that threads share is a copy", () => {
  const values = new Float32Array(new SharedArrayBuffer(16));
  values.set([1, 2, 3, 4]);
  const rows = sharedRows(values, 2);
  const read = rows.read(1, 1);
  values.fill(0);
  assert.deepEqual(read, Float32Array.of(3, 4));
});

Deno.test("copiedOnce() copies shared rows once, and leaves others and very many as they are", () => {
  const values = new Float32Array(new SharedArrayBuffer(16));
  values.set([1, 2, 3, 4]);
  const copied = copiedOnce(sharedRows(values, 2));
  assert.equal(copied.shared, values, "threads can be handed them still");
  assert.equal(copied.read(0, 1).buffer, copied.read(1, 1).buffer);
  assert.deepEqual(copied.read(0, 2), Float32Array.of(1, 2, 3, 4));
  const own = rowsInMemory(Float32Array.of(1, 2), 1);
  assert.equal(copiedOnce(own), own);
  const many = sharedRows(new Float32Array(new SharedArrayBuffer(36 * 2 ** 20)), 1024);
  assert.equal(copiedOnce(many), many);
});

Deno.test("madeOnce() makes rows once that are made when they are read, and leaves very many as they are", () => {
  let reads = 0;
  const of = (count: number) => ({
    count,
    width: 2,
    read: (first: number, some: number) => {
      reads++;
      return new Float32Array(2 * some).fill(first);
    },
  });
  const made = madeOnce(of(3));
  assert.deepEqual([made.read(1, 2), made.read(0, 1).length, reads], [new Float32Array(4), 2, 1]);
  const many = of(2 ** 23);
  assert.equal(madeOnce(many), many);
});
