import assert from "node:assert/strict";
import { threadedRows } from "../../lib/reading/threaded_rows.ts";

/** Rows of width 1 that are their numbers, and what was read of them. */
function watchedRows() {
  const read: string[] = [];
  const rows = threadedRows(1, {
    read({ first, count }) {
      read.push(`${first}+${count}`);
      if (first > 100) return Promise.reject(new Error("no such rows"));
      return Promise.resolve(Float32Array.from({ length: count }, (_, i) => first + i));
    },
  });
  return { rows, read };
}

Deno.test("rows that are read ahead are read once, and those that are not are read when asked for", async () => {
  const { rows, read } = watchedRows();
  assert.deepEqual([...await rows.read(0, 2)], [0, 1]);
  rows.ahead!(2, 2);
  rows.ahead!(2, 2);
  assert.deepEqual(read, ["0+2", "2+2"]);
  assert.deepEqual([...await rows.read(7, 1)], [7]);
  assert.deepEqual([...await rows.read(2, 2)], [2, 3]);
  assert.deepEqual([...await rows.read(2, 2)], [2, 3], "those that were given are the reader's");
  assert.deepEqual(read, ["0+2", "2+2", "7+1", "2+2"]);
});

Deno.test("what fails ahead is thrown when it is asked for", async () => {
  const { rows } = watchedRows();
  rows.ahead!(101, 1);
  await new Promise((resolve) => setTimeout(resolve));
  await assert.rejects(rows.read(101, 1), /no such rows/);
});
