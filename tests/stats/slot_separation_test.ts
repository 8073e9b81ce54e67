import assert from "node:assert/strict";
import { slotSeparation } from "../../lib/stats/slot_separation.ts";

Deno.test("slotSeparation() averages the slots on and off the diagonal", () => {
  const means = Float32Array.of(
    ...[100, /* slots */ 4, 1, 0],
    ...[100, /* slots */ 2, 5, 3],
    ...[100, /* slots */ -1, 1, 9],
  );
  assert.deepEqual(slotSeparation(means, { freeCount: 1, slotCount: 3 }, [0, 1, 2]), {
    diagonal: 6, // (4 + 5 + 9) / 3
    offDiagonal: 1, // (1 + 0 + 2 + 3 - 1 + 1) / 6
  });
});

Deno.test("slotSeparation() takes each relation's own slot, whatever its row", () => {
  const means = Float32Array.of(
    ...[100, /* slots */ 1, 4, 1],
    ...[100, /* slots */ 3, 3, 8],
  );
  assert.deepEqual(slotSeparation(means, { freeCount: 1, slotCount: 3 }, [1, 2]), {
    diagonal: 6, // (4 + 8) / 2
    offDiagonal: 2, // (1 + 1 + 3 + 3) / 4
  });
});

Deno.test("slotSeparation() has nothing off the diagonal if there is one slot", () => {
  const means = Float32Array.of(100, /* slot */ 7);
  assert.deepEqual(slotSeparation(means, { freeCount: 1, slotCount: 1 }, [0]), {
    diagonal: 7,
    offDiagonal: null,
  });
});
