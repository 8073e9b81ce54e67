import assert from "node:assert/strict";
import { decodeRows } from "../../lib/sae/decode.ts";
import { DecodedRows } from "../../lib/sae/decoded_rows.ts";
import { ColumnPieces } from "../../lib/sae/encode/columns.ts";
import { decoderOf } from "../../lib/sae/sae.ts";

Deno.test("DecodedRows gives what decodeRows() does, however the features come", async () => {
  const weight = Float32Array.of(1, 2, 0, 0.5, 0, -1, 3, 4); // [width, features]
  const decoder = decoderOf({ weight, bias: Float32Array.of(10, -10) });
  const sae = { width: 2, input: [{ kind: "scale", factor: 4 } as const] };
  const states = Float32Array.of(3, 7, 0, 1, 5, 5);
  const rows = [[1, 2, -1, 0], [0, 0, 0.5, 0], [0, 0, 0, 0]];
  const expected = await decodeRows({ sae, decoder }, Float32Array.from(rows.flat()), states);
  for (const cut of [1, 2, 4]) {
    const decoded = new DecodedRows({ sae, decoder }, 3);
    for (const [first, end] of [[0, cut], [cut, 4]] as const) {
      const some = Float32Array.from(rows.flatMap((row) => row.slice(first, end)));
      const columns = new ColumnPieces({ first, count: end - first }, 3);
      columns.putTurned(some);
      for (const piece of columns.pieces) await decoded.add(piece);
    }
    const found = [0, 1, 2].map((row) => [
      ...decoded.finish(row, states.subarray(2 * row, 2 * row + 2)),
    ]);
    assert.deepEqual(Float32Array.from(found.flat()), expected);
  }
});

Deno.test("DecodedRows reads no direction that no state has", async () => {
  const rows = {
    width: 1,
    read: () => Promise.reject(new Error("read")),
  };
  const decoder = {
    ...decoderOf({ weight: new Float32Array(2), bias: new Float32Array(1) }),
    rows,
  };
  const decoded = new DecodedRows({ sae: { width: 1, input: [] }, decoder }, 2);
  await decoded.add({ first: 0, count: 2, questions: 2, values: new Float32Array(4) });
  await assert.rejects(
    decoded.add({ first: 0, count: 1, questions: 2, values: Float32Array.of(0, 1) }),
    /read/,
  );
});
