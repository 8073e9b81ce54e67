import assert from "node:assert/strict";
import type { Scalar } from "../../lib/questions/fields.ts";
import { groupByLabel } from "../../lib/questions/labels.ts";
import { inputError } from "../support/input_errors.ts";

const text = (text: string): Scalar => ({ text, kind: "text" });
const number = (text: string): Scalar => ({ text, kind: "number" });

function group(labels: readonly (Scalar | undefined)[], order?: readonly string[]) {
  const warnings: string[] = [];
  const observer = {
    phase() {},
    progress() {},
    note() {},
    done() {},
    warn: (message: string) => warnings.push(message),
  };
  const lines = labels.map((label, i) => ({ line: i + 1, label }));
  const grouping = groupByLabel(lines, "a.jsonl", "topic", { order, observer });
  return { ...grouping, keys: grouping.groups.map(({ key }) => key), warnings };
}

Deno.test("groupByLabel() keeps the order of appearance, of numbers too", () => {
  const { keys, groupOf, warnings } = group([number("10"), number("9"), number("2"), number("9")]);
  assert.deepEqual(keys, ["10", "9", "2"]);
  assert.deepEqual(groupOf, [0, 1, 2, 1]);
  assert.deepEqual(warnings, []);
});

Deno.test("groupByLabel() takes labels for what they say: __proto__, NA, 01 beside 1", () => {
  const { keys, warnings } = group(["__proto__", "NA", "01", "1", "1.0"].map(text));
  assert.deepEqual(keys, ["__proto__", "NA", "01", "1", "1.0"]);
  assert.deepEqual(warnings, []);
});

Deno.test("groupByLabel() warns of the number 1 beside the text 1, and tells them apart", () => {
  const { keys, groupOf, warnings } = group([number("1"), text("1"), number("1")]);
  assert.deepEqual(keys, ["1", '"1"']);
  assert.deepEqual(groupOf, [0, 1, 0]);
  assert.match(warnings.join(), /^a\.jsonl: topic: 1 \(line 1\), "1" \(line 2\) are 2 groups/);
});

Deno.test("groupByLabel() warns of labels that differ in spaces or normalisation", () => {
  const { keys, warnings } = group(["a", " a", "é", "e\u0301"].map(text));
  assert.equal(keys.length, 4);
  assert.equal(warnings.length, 2);
  assert.match(warnings[1]!, /"é" \(line 3\), "e\\u0301" \(line 4\)/);
});

Deno.test("groupByLabel() follows an order that names all labels, and refuses another", () => {
  assert.deepEqual(group(["a", "b"].map(text), ["b", "a"]).groupOf, [1, 0]);
  const ordered = (...order: string[]) => () => group(["a", "b"].map(text), order);
  assert.throws(ordered("b"), inputError(/has to name all labels, and lacks a \(line 1\)/));
  assert.throws(ordered("a", "b", "c"), inputError(/no line has the label c/));
  assert.throws(ordered("a", "a"), inputError(/names the label a twice/));
});

Deno.test("groupByLabel() counts what has no label", () => {
  const { unlabelled, groupOf } = group([text("a"), undefined]);
  assert.equal(unlabelled, 1);
  assert.deepEqual(groupOf, [0, undefined]);
});

Deno.test("groupByLabel() refuses a field of over 1,000 labels, and labels of great length", () => {
  const many = Array.from({ length: 1001 }, (_, i) => text(`t${i}`));
  assert.throws(() => group(many), inputError(/a\.jsonl:1001: topic has over 1000 labels/));
  assert.throws(() => group([text("a".repeat(101))]), inputError(/longer than 100 characters/));
});
