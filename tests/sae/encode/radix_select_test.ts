import assert from "node:assert/strict";
import { RadixSelect } from "../../../lib/sae/encode/radix_select.ts";
import { emptyCutoffs } from "../../../lib/sae/top_k.ts";

/** The key of a number as the shader orders them, and of a feature's: lower numbers come first. */
function keysOf(values: Float32Array): [number, number][] {
  const bits = new Uint32Array(values.buffer);
  return Array.from(bits, (word, feature) => {
    const ordered = word >>> 31 === 1 ? ~word >>> 0 : (word | 0x80000000) >>> 0;
    return [ordered, ~feature >>> 0];
  });
}

/** Selects as the GPU would, of one question, with the counts of each pass made here. */
function select(
  values: Float32Array,
  k: number,
): { threshold: number; end: number; passes: number } {
  const keys = keysOf(values);
  const radix = new RadixSelect(1, k);
  let passes = 0;
  for (const pass of radix.passes()) {
    passes++;
    const { word, shift, bits } = pass;
    const known = [...radix.prefixes];
    const counts = new Uint32Array(2 ** bits);
    for (const key of keys) {
      if (word === 1 && key[0] !== known[0]) continue;
      const isKnown = shift + bits === 32 ||
        key[word] >>> (shift + bits) === known[word]! >>> (shift + bits);
      if (isKnown) counts[(key[word] >>> shift) & (2 ** bits - 1)]!++;
    }
    radix.add(pass, counts, 0);
  }
  const cutoffs = emptyCutoffs(1);
  radix.writeTo(cutoffs, (question) => question);
  return { threshold: cutoffs.thresholds[0]!, end: cutoffs.ends[0]!, passes };
}

Deno.test("RadixSelect finds the k-th largest number in three passes, whatever its sign", () => {
  const values = Float32Array.of(0.5, -3, 2.25, -0.125, 7, 1e-30, -1e30, 2.5);
  const sorted = values.toSorted().reverse();
  for (let k = 1; k <= values.length; k++) {
    assert.deepEqual(select(values, k), { threshold: sorted[k - 1], end: 0xffffffff, passes: 3 });
  }
});

Deno.test("RadixSelect keeps the lower features of those that tie, found in three passes more", () => {
  const values = Float32Array.of(1, 2, 1, 1, 0, 1);
  // 2, and of the ones those of features 0 and 2.
  assert.deepEqual(select(values, 3), { threshold: 1, end: 3, passes: 6 });
  // All that tie are kept: nothing more is to be found.
  assert.deepEqual(select(values, 5), { threshold: 1, end: 0xffffffff, passes: 3 });
});
