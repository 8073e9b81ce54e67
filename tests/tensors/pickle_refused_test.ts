/** What is no pickle that can be read, and what would keep its reader busy. */
import assert from "node:assert/strict";
import { parsePickle } from "../../lib/tensors/pickle.ts";
import type { PickleDict } from "../../lib/tensors/pickle_values.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";
import { concatenate, latin1, u32, u64 } from "./bytes.ts";
import { parse, RECORDING, refuses } from "./recording_pickles.ts";

const FIXTURES = new URL("../fixtures/torch", import.meta.url).pathname;

const DAMAGED: [what: string, pickle: string | Uint8Array, problem: RegExp][] = [
  ["nothing", "", /ends too early/],
  ["no STOP", "K\x01", /ends too early/],
  ["only a STOP", ".", /stack is empty/],
  ["a STOP at a mark", "(.", /stack is empty/],
  ["half a number", "J\x01\x02", /ends too early/],
  ["a line without an end", "I12", /ends too early/],
  ["a malformed integer", "I1x\n.", /integer is malformed/],
  ["an integer without digits", "L\n.", /integer is malformed/],
  ["a malformed float", "F0.x\n.", /malformed/],
  ["a text longer than the pickle", "\x8c\xffa.", /ends too early/],
  ["a text of 2^64 - 1 bytes", concatenate([0x8d], u64(2n ** 64n - 1n)), /ends too early/],
  ["bytes of 2^63 bytes", concatenate([0x8e], u64(2n ** 63n)), /ends too early/],
  ["LONG4 of 2^32 - 1 bytes", concatenate([0x8b], u32(0xffffffff)), /ends too early/],
  ["a mark that is missing", "K\x01t.", /a mark is missing/],
  ["a tuple without its parts", "K\x01\x86.", /stack is empty/],
  ["a tuple across a mark", "K\x01(K\x02\x86.", /stack is empty/],
  ["POP with nothing there", "0.", /stack is empty/],
  ["a memo that was never made", "h\x00.", /memo 0 is missing/],
  ["a memo of nothing", "q\x00.", /stack is empty/],
  ["items for a list that is none", "}K\x01a.", /items for a list meet something else/],
  ["items for a set that is none", "](K\x01\x90.", /items for a set meet something else/],
  ["items for a dict that is none", "]K\x01K\x02s.", /items for a dict meet something else/],
  ["a key without a value", "}(K\x01u.", /items for a dict meet something else/],
];
for (const [what, pickle, problem] of DAMAGED) {
  Deno.test(`parsePickle() refuses ${what}`, () => refuses(pickle, problem));
}

Deno.test("parsePickle() refuses names that are no text", () => {
  // Made into text, lists that hold each other twice grow twofold with each level: 90 bytes of a
  // pickle would be a minute of work. As text, this tuple is "module".
  refuses("\x8c\x06module\x85\x8c\x04Name\x93.", /./);
});

Deno.test("parsePickle() refuses to call anything but a name", () => {
  refuses("\x8c\x02os)R.", /calls something that is no name/);
  refuses("cmodule\nName\nK\x01R.", /calls something that is no name/);
});

Deno.test("parsePickle() refuses a state that would change what a name means", () => {
  refuses("cmodule\nName\n)\x81}b.", /sets the state of a tensor/);
});

for (
  const [what, first, second] of [
    ["a text", "Va\n", "\x8c\x01a"],
    ["a number and its float", "K\x01", "G\x3f\xf0\0\0\0\0\0\0"],
    ["a number and a truth value", "K\x01", "\x88"],
    ["zero and its negative", "K\x00", "G\x80\0\0\0\0\0\0\0"],
    ["a long number", "\x8a\x09\0\0\0\0\0\0\0\0\x01", "\x8a\x09\0\0\0\0\0\0\0\0\x01"],
    ["bytes", "C\x01a", "C\x01a"],
    ["None", "N", "N"],
  ]
) {
  Deno.test(`parsePickle() refuses a dict with a key twice: ${what}`, () => {
    refuses(`}${first}K\x01s${second}K\x02s.`, /a dict has the key .* twice/);
    refuses(`(${first}K\x01${second}K\x02d.`, /a dict has the key .* twice/);
    refuses(`}(${first}K\x01${second}K\x02u.`, /a dict has the key .* twice/);
  });
}

Deno.test("parsePickle() refuses a memo's index that is none", () => {
  for (const index of ["-1", "1.5", "2000000", "x", "1e300"]) {
    refuses(`Np${index}\n.`, /a memo is malformed/);
  }
  refuses("Nr\xff\xff\xff\xff.", /a memo is malformed/);
});

Deno.test("parsePickle() refuses a text that is no UTF-8", () => {
  refuses("\x8c\x01\xff.", /a text is no UTF-8/); // not another text that stands for it
});

Deno.test("parsePickle() refuses over two million values", () => {
  const bytes = new Uint8Array(2_000_002).fill(0x4e); // None
  bytes[2_000_001] = 0x2e;
  refuses(bytes, /it holds over 2000000 values/);
});

Deno.test("parsePickle() refuses every truncated pickle", () => {
  for (const protocol of [0, 2, 4]) {
    const whole = Deno.readFileSync(`${FIXTURES}/plain_protocol${protocol}.pkl`);
    for (let length = 0; length < whole.length; length++) {
      refuses(whole.subarray(0, length), /./);
    }
  }
});

Deno.test("parsePickle() survives any changed byte", () => {
  for (const protocol of [0, 2, 4]) {
    const whole = Deno.readFileSync(`${FIXTURES}/plain_protocol${protocol}.pkl`);
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [0x01, 0x20, 0x80]) {
        const bytes = whole.slice();
        bytes[at]! ^= mask;
        try {
          parsePickle(bytes, RECORDING);
        } catch (error) {
          assert.ok(error instanceof SyntaxError, `byte ${at} of protocol ${protocol}: ${error}`);
        }
      }
    }
  }
});

Deno.test("parsePickle() counts what calls copy: a list, a dict, a text by its length", () => {
  const call = "h\x01h\x00\x85R0"; // the name in memo 1 with what is in memo 0
  const name = "cmodule\nName\nq\x010";
  const copies = (value: string, times: number) => `${value}q\x000${name}${call.repeat(times)}N.`;
  const list = `](${"N".repeat(100_000)}e`;
  assert.equal(parse(copies(list, 10)), null);
  refuses(copies(list, 20), /it holds over 2000000 values/);
  const text = `X\x80\x1a\x06\x00${"a".repeat(400_000)}`; // a value for each 4 characters
  assert.equal(parse(copies(text, 10)), null);
  refuses(copies(text, 20), /it holds over 2000000 values/);
});

Deno.test("parsePickle() counts the length of a text again for each dict that has it as a key", () => {
  const start = `X\x80\x1a\x06\x00${"a".repeat(400_000)}q\x000`;
  const dicts = (count: number) => `${start}${"}h\x00Ns0".repeat(count)}N.`;
  assert.equal(parse(dicts(10)), null);
  refuses(dicts(20), /it holds over 2000000 values/);
});

Deno.test("parsePickle() is not kept busy by keys that JavaScript's own maps collide on", () => {
  const count = 30_000;
  const dict = (key: (i: number) => Uint8Array) => {
    const items = Array.from({ length: count }, (_, i) => concatenate(key(i), [0x4e]));
    return concatenate(latin1("}("), ...items, latin1("u."));
  };
  const kinds: Record<string, Uint8Array> = {
    "texts": dict((i) => latin1(`V${i * 65536}\n`)),
    "numbers": dict((i) => concatenate([0x4a], u32(i << 15))),
    "long numbers": dict((i) => concatenate([0x8a, 13, 0, 0, 0, 0, 0, 0, 0, 0, 1], u32(i))),
  };
  for (const [what, pickle] of Object.entries(kinds)) {
    const start = cpuMilliseconds();
    assert.equal((parsePickle(pickle, RECORDING) as PickleDict).size, count);
    const seconds = (cpuMilliseconds() - start) / 1000;
    assert(seconds < 5, `${what} took ${seconds} s`); // some 0.1 s; a Map takes 15 s
  }
});
