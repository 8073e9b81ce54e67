import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonLine, jsonText } from "../../lib/files/json_writer.ts";

Deno.test("jsonText() writes what JSON.stringify() does, and a line end", () => {
  const values = [
    { a: undefined, b: [undefined, NaN, -0, 1e21, 1e-7], c: { d: {} }, e: [[]], "2": 0, "1": null },
    "\u2028\ud83d\n",
    null,
    0.1,
    [],
  ];
  for (const value of values) assert.equal(jsonText(value), JSON.stringify(value, null, 2) + "\n");
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(jsonText(value), JSON.stringify(value, null, 2) + "\n");
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("jsonText() writes a map as an object, in its order and with all its keys", () => {
  const map = new Map<string, unknown>([["3", 0], [
    "1",
    new Map<string, unknown>([["20", 1], ["10", []]]),
  ]]);
  map.set("__proto__", 2);
  assert.equal(
    jsonText({ by: map, none: new Map() }).replaceAll(/\s/g, ""),
    '{"by":{"3":0,"1":{"20":1,"10":[]},"__proto__":2},"none":{}}',
  );
});

Deno.test("jsonLine() is one line for every reader, and the same value", () => {
  const value = { ids: [1], tokens: ["\u0085\u2028", "a\u2029b", "\n\r\v\f\x1c", "é"] };
  const line = jsonLine(value);
  assert.deepEqual(JSON.parse(line), value);
  assert.match(line, /^[^\p{Cc}\u2028\u2029]+\n$/u); // what Python splits lines at
});
