import assert from "node:assert/strict";
import { npyHeader } from "../../lib/features/npy_header.ts";
import { parseNpyHeader } from "../../lib/tensors/npy_header.ts";

Deno.test("npyHeader() is read back as it was meant, and ends where elements may begin", () => {
  for (const shape of [[], [3], [0, 7], [1_000_000, 131_072], [2 ** 40, 3, 5]]) {
    const header = npyHeader("<f4", shape);
    assert.equal(header.length % 64, 0);
    const parsed = parseNpyHeader(header);
    assert.deepEqual(parsed.shape, shape);
    assert.equal(parsed.dataStart, header.length);
    assert.equal(parsed.dataType, "float32");
  }
});
