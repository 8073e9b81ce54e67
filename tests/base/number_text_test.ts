import assert from "node:assert/strict";
import { besideText, fixedText, shareText } from "../../lib/base/number_text.ts";

Deno.test("fixedText() writes nothing as 0 but 0", () => {
  const texts = [0, -0, 0.0004, -0.0004, 0.0006, -1.25].map((value) => fixedText(value));
  assert.deepEqual(texts, ["0.000", "0.000", "<0.001", ">-0.001", "0.001", "-1.250"]);
  assert.equal(fixedText(0.04, 1), "<0.1");
});

Deno.test("shareText() writes nothing as 1 but 1", () => {
  const texts = [1, 0.9996, 0.9994, 0.0004, 0].map((value) => shareText(value));
  assert.deepEqual(texts, ["1.000", ">0.999", "0.999", "<0.001", "0.000"]);
  assert.equal(shareText(0.996, 2), ">0.99");
});

Deno.test("shareText() writes nothing as ½ but ½: an interval that begins there holds it", () => {
  const texts = [0.5, 0.5004, 0.4996, 0.5006].map((value) => shareText(value));
  assert.deepEqual(texts, ["0.500", ">0.500", "<0.500", "0.501"]);
  assert.equal(shareText(0.504, 2), ">0.50");
});

Deno.test("besideText() tells a number from a border that it would be written as", () => {
  const texts = [1, 1.0004, 0.9996, 0.5001, 0.75].map((value) => besideText(value, [1, 0.5]));
  assert.deepEqual(texts, ["1.000", ">1.000", "<1.000", ">0.500", "0.750"]);
  assert.equal(besideText(0.0001, [0.1]), "<0.001");
});

Deno.test("a mean of numbers that are all a border is the border, though it is rounded", () => {
  const meanOf = (value: number, count: number) =>
    Array<number>(count).fill(value).reduce((sum, each) => sum + each / count, 0);
  const means = [meanOf(0.5, 6), meanOf(1, 6)];
  assert.ok(means.every((mean) => mean !== 0.5 && mean !== 1));
  assert.deepEqual(means.map((mean) => shareText(mean)), ["0.500", "1.000"]);
  assert.equal(besideText(meanOf(0.1, 6), [0.1]), "0.100");
});
