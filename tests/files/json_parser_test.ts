import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJsonText } from "../../lib/files/json_parser.ts";
import { JsonProblem } from "../../lib/files/json_text.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";

const parse = (text: string) => parseJsonText(text).value;

/** What is wrong with a text, undefined for nothing. */
function problemOf(text: string): string | undefined {
  try {
    parse(text);
  } catch (error) {
    assert(error instanceof JsonProblem, `${error}`);
    return error.message;
  }
}

Deno.test("parseJsonText() gives what JSON.parse() gives", () => {
  for (
    const text of [
      '{"a": 1, "b": [1, 2, {"a": "b"}], "c": {"a": {}}}',
      '[{"a": 1}, {"a": 2}]',
      String.raw`{"a\"": 1, "a": "\\", "b": "a\":"}`,
      String.raw`"\b\f\n\r\t\/\\\"\u0000\u00e9\ud83d\ude00\ud83d\u2028"`,
      '"a"',
      "[]",
      " \t\r\n[ ] \n{".slice(0, -1),
      "-0",
      "[1.0, 1e0, 1E+2, -12.5e-3, 0, 12345678901234567890, 1e999, 4.9e-324]",
      "[true, false, null]",
      '{"2": 0, "1": 0, "constructor": 1, "": 2}',
    ]
  ) assert.deepEqual(parse(text), JSON.parse(text), text);
});

Deno.test("parseJsonText() gives back what JSON.stringify() wrote of any value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(parse(text), JSON.parse(text));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("parseJsonText() takes and refuses the damaged texts that JSON.parse() does", () => {
  const text = String.raw`{"a\u00e9\n": [-1.5e+3, "b", true, false, null, {}, []], "c": 0}`;
  const characters = ' "\\{}[]:,0-+.eEu1tfnx\n\t\u0001';
  for (let at = 0; at < text.length; at++) {
    for (const character of ["", ...characters]) {
      const damaged = text.slice(0, at) + character + text.slice(at + 1);
      let expected: unknown;
      try {
        expected = JSON.parse(damaged);
      } catch {
        assert.notEqual(problemOf(damaged), undefined, damaged);
        continue;
      }
      assert.deepEqual(parse(damaged), expected, damaged);
    }
  }
});

const NO_JSON: readonly [text: string, offset: number][] = [
  ["", 0],
  ["]]]", 0],
  ['{"a', 3],
  ['{"a\\', 3],
  ["{]", 1],
  ['{"a" "a"', 5],
  ['{"\\x":', 2],
  ["}{", 0],
  ['"a":1,"a":2', 3],
  ["[1,]", 3],
  ["[01]", 2],
  ["[1.]", 3],
  ["[.5]", 1],
  ["[+1]", 1],
  ["['a']", 1],
  ["[nan]", 1],
  ["[inf]", 1],
  ["NaN", 0],
  ['{"a": 1} {"a": 2}', 9],
  ['["a\u0000b"]', 3],
  ["[undefined]", 1],
];

for (const [text, offset] of NO_JSON) {
  Deno.test(`parseJsonText() finds where ${JSON.stringify(text)} stops being JSON`, () => {
    assert.throws(() => parse(text), (error) => {
      assert(error instanceof JsonProblem, `${error}`);
      assert.deepEqual([error.message, error.offset], ["is no JSON", offset]);
      return true;
    });
  });
}

Deno.test("parseJsonText() takes the numbers of Python that are none, and says where they are", () => {
  const { value, nonFinite } = parseJsonText(
    '{"a": NaN, "b": [0, -Infinity, {"c": Infinity}], "d": "NaN", "NaN": 1e999}',
  );
  assert.deepEqual(value, {
    a: NaN,
    b: [0, -Infinity, { c: Infinity }],
    d: "NaN",
    NaN: Infinity,
  });
  assert.deepEqual(nonFinite.map(({ key, offset }) => [key, offset]), [
    ["a", 6],
    [1, 20],
    ["c", 37],
    ["NaN", 68],
  ]);
});

Deno.test("parseJsonText() names a field that an object has twice", () => {
  assert.equal(problemOf('{"a": 1, "b": {"c": 1}, "a": 2}'), "has two fields a: 1 and 2");
  assert.equal(problemOf('[0, {"x": {"c": 1, "d": [], "c": 1}}]'), "has two fields c");
  assert.equal(problemOf('{"__proto__": 1, "__proto__" : 1}'), "has two fields __proto__");
  assert.equal(problemOf('{"7": NaN, "7": 1}'), "has two fields 7: NaN and 1");
});

Deno.test("parseJsonText() knows a name by its characters, however they are written", () => {
  assert.equal(problemOf(String.raw`{"a": 1, "\u0061": 2}`), "has two fields a: 1 and 2");
});

Deno.test("parseJsonText() keeps a field __proto__ from changing what objects inherit", () => {
  const value = parse('{"__proto__": {"a": 1}}') as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__"]);
});

Deno.test("parseJsonText() accepts 100 levels and no more", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(problemOf(nested(100)), undefined);
  assert.equal(problemOf(nested(101)), "is nested over 100 levels deep");
  assert.equal(problemOf(`[${"[[]],".repeat(1000)}0]`), undefined);
});

Deno.test("parseJsonText() counts no brackets and commas in texts", () => {
  assert.equal(problemOf(`["${"[{,:".repeat(500_000)}"]`), undefined);
});

Deno.test("parseJsonText() accepts a million values and no more, or as many as it is told", () => {
  assert.equal(problemOf(`[${"0,".repeat(999_999)}0]`), undefined);
  const more = `[${"0,".repeat(1_000_000)}0]`;
  assert.equal(problemOf(more), "holds over 1000000 values");
  assert.equal((parseJsonText(more, { maxValues: 1_000_001 }).value as []).length, 1_000_001);
});

Deno.test("parseJsonText() accepts names of 16,000 characters and no longer ones", () => {
  const refusal = "has a field whose name is longer than 16000 characters";
  const named = (...names: string[]) => `[{${names.map((name) => `"${name}":0`)}}]`;
  const [long, longer] = ["x".repeat(16_000), "x".repeat(16_001)];
  assert.equal(problemOf(named(long, `y${long.slice(1)}`)), undefined);
  assert.equal(problemOf(named(longer, "a")), refusal);
  assert.equal(problemOf(named(longer, `y${longer}`, longer)), `has two fields ${longer}`);
  assert.equal(problemOf(named(...Array.from({ length: 200 }, (_, i) => longer + i))), refusal);
});

/** Digits that V8's hash puts into few places, and texts as long that it spreads. */
const MEETING = Array.from({ length: 65_536 }, (_, i) => String((i << 16) >>> 0));
const SPREAD = MEETING.map((text, i) => `x${i}`.padEnd(text.length, "x"));

const FLOODS: Record<string, (texts: string[]) => string> = {
  "names of fields": (texts) => `{${texts.map((text) => `"${text}":0`)}}`,
  "texts in a list": (texts) => `[${texts.map((text) => `"${text}"`)}]`,
  "escaped texts": (texts) =>
    `[${texts.map((text) => `"\\u00${text.charCodeAt(0).toString(16)}${text.slice(1)}"`)}]`,
  "names of objects": (texts) => `[${texts.map((text) => `{"${text}":0}`)}]`,
  "texts in fields": (texts) => `{${texts.map((text, i) => `"a${i}":"${text}"`)}}`,
};

for (const [what, write] of Object.entries(FLOODS)) {
  Deno.test(`parseJsonText() is not kept busy by 65,536 ${what} that meet in one place`, () => {
    const milliseconds = (text: string) => {
      const start = cpuMilliseconds();
      parse(text);
      return cpuMilliseconds() - start;
    };
    const usual = Math.max(50, milliseconds(write(SPREAD)));
    // Where the hash counts, they take hundreds of times as long.
    assert(milliseconds(write(MEETING)) < 20 * usual);
  });
}
