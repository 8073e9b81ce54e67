import assert from "node:assert/strict";
import {
  parsePickle,
  PickleGlobal,
  type PickleMeanings,
  type PickleValue,
} from "../../lib/tensors/pickle.ts";
import { concatenate, latin1, u32, u64 } from "./bytes.ts";

const FIXTURES = new URL("../fixtures/torch", import.meta.url).pathname;

/** Meanings that keep what they are asked, so that tests see it. */
const RECORDING: PickleMeanings = {
  names: new Set(["collections.OrderedDict", "module.Name"]),
  reduce: (path, args) => path === "collections.OrderedDict" ? new Map() : { path, args },
  persistent: (id) => ({ id }),
};

/** Reads a pickle given as text, in which each character is one byte. */
function parse(pickle: string): PickleValue {
  return parsePickle(latin1(pickle), RECORDING);
}

function refuses(pickle: string | Uint8Array, problem: RegExp): void {
  const bytes = typeof pickle === "string" ? latin1(pickle) : pickle;
  assert.throws(() => parsePickle(bytes, RECORDING), { name: "SyntaxError", message: problem });
}

for (let protocol = 0; protocol <= 5; protocol++) {
  Deno.test(`parsePickle() reads the plain data of protocol ${protocol}`, () => {
    const bytes = Deno.readFileSync(`${FIXTURES}/plain_protocol${protocol}.pkl`);
    const value = parsePickle(bytes, RECORDING) as Map<string, PickleValue>;
    assert.deepEqual([...value.keys()], [
      ...["integers", "large", "floats", "constants", "tuples", "texts", "dict"],
    ]);
    assert.deepEqual(value.get("integers"), [0, 255, 256, 65536, -1, -2147483649, 2147483653]);
    assert.deepEqual(value.get("large"), [
      9007199254740991,
      9007199254740993n,
      -9223372036854775808n,
      1267650600228229401496703205376n,
    ]);
    assert.deepEqual(value.get("floats"), [0.1, -0, Infinity, -Infinity, NaN]);
    assert.deepEqual(value.get("constants"), [null, true, false]);
    assert.deepEqual(value.get("tuples"), [[], [1], [1, [2, [3, []]]], [1, 2, 3, 4]]);
    assert.deepEqual(value.get("texts"), [
      ...["", "ASCII\n\\u0041", "é", "żółw 🐢", "x".repeat(300)],
    ]);
    assert.deepEqual([...value.get("dict") as Map<PickleValue, PickleValue>], [
      ["b", new Map()],
      ["a", []],
      [7, "seven"],
      [[1, 2], "pair"],
    ]);
  });
}

// The names of opcodes are those of pickletools.

Deno.test("parsePickle() reads LONG1 and LONG4 as two's complement of any length", () => {
  assert.equal(parse("\x8a\x00."), 0);
  assert.equal(parse("\x8a\x01\xff."), -1);
  assert.equal(parse("\x8a\x02\xff\x00."), 255);
  assert.equal(parse("\x8b\x03\x00\x00\x00\x00\x00\x80."), -8388608);
  assert.equal(parse("\x8a\x07" + "\xff".repeat(6) + "\x1f."), 2 ** 53 - 1);
  assert.equal(parse("\x8a\x07" + "\x00".repeat(6) + "\x20."), 2n ** 53n);
  assert.equal(parse("\x8b\x07\x01\x00\x00" + "\x00".repeat(262) + "\x01."), 2n ** 2096n);
});

Deno.test("parsePickle() keeps a byte-order mark at the start of a text", () => {
  assert.equal(parse("\x8c\x04\xef\xbb\xbfa."), "\ufeffa");
});

Deno.test("parsePickle() reads BINBYTES, SHORT_BINBYTES and BINBYTES8", () => {
  for (const opcode of ["B\x02\0\0\0", "C\x02", "\x8e\x02\0\0\0\0\0\0\0"]) {
    assert.deepEqual(parse(`${opcode}\x00\xff.`), Uint8Array.of(0, 255));
  }
});

Deno.test("parsePickle() reads EMPTY_SET and ADDITEMS", () => {
  assert.deepEqual(parse("\x8f(K\x01K\x02K\x01\x90."), new Set([1, 2]));
});

Deno.test("parsePickle() reads LIST, TUPLE and DICT from a mark, nested ones too", () => {
  assert.deepEqual(parse("(K\x01(K\x02tl."), [1, [2]]);
  assert.deepEqual(parse("(K\x01K\x02d."), new Map([[1, 2]]));
});

Deno.test("parsePickle() obeys POP, POP_MARK and DUP", () => {
  assert.deepEqual(parse("K\x01K\x020(K\x03K\x041."), 1);
  assert.deepEqual(parse("K\x012\x86."), [1, 1]);
});

Deno.test("parsePickle() recalls from its memo the value itself, not a copy", () => {
  for (
    const [put, get] of [
      ["p7\n", "g7\n"],
      ["q\x07", "h\x07"],
      ["r\x07\0\0\0", "j\x07\0\0\0"],
      ["\x94", "h\x00"],
    ]
  ) {
    const [first, second] = parse(`]${put}${get}\x86.`) as PickleValue[];
    assert.equal(first, second);
  }
});

Deno.test("parsePickle() ties a list that holds itself", () => {
  const list = parse("]q\x00h\x00a.") as PickleValue[];
  assert.equal(list.length, 1);
  assert.equal(list[0], list);
});

Deno.test("parsePickle() reads nesting of any depth", () => {
  const depth = 100_000; // would overflow the stack of a reader that calls itself
  let value = parse("]".repeat(depth) + "a".repeat(depth - 1) + ".") as PickleValue[];
  let levels = 1;
  while (value.length > 0) {
    value = value[0] as PickleValue[];
    levels++;
  }
  assert.equal(levels, depth);
});

Deno.test("parsePickle() keeps a key __proto__ as a key", () => {
  const dict = parse("}\x8c\x09__proto__}\x8c\x04evilK\x01ss.") as Map<PickleValue, PickleValue>;
  assert.deepEqual([...dict.keys()], ["__proto__"]);
  assert.equal("evil" in {}, false);
});

Deno.test("parsePickle() mentions names without looking them up", () => {
  for (const mention of ["cmodule\nName\n", "\x8c\x06module\x8c\x04Name\x93"]) {
    assert.deepEqual(parse(`${mention}.`), new PickleGlobal("module.Name"));
  }
});

Deno.test("parsePickle() asks its meanings for calls and persistent ids", () => {
  assert.deepEqual(parse("cmodule\nName\nK\x01K\x02\x86R."), { path: "module.Name", args: [1, 2] });
  assert.deepEqual(parse("cmodule\nName\n)\x81."), { path: "module.Name", args: [] });
  assert.deepEqual(parse("K\x01\x85Q."), { id: [1] });
  assert.deepEqual(parse("Pkey\n."), { id: "key" });
});

Deno.test("parsePickle() drops the attributes that BUILD sets on a dict", () => {
  const pickle = "ccollections\nOrderedDict\n)RK\x01K\x02s}\x8c\x09_metadataNsb.";
  assert.deepEqual(parse(pickle), new Map([[1, 2]]));
});

Deno.test("parsePickle() refuses names without meaning, and says which", () => {
  refuses("cos\nsystem\n.", /refers to os\.system,/);
  refuses("\x8c\x08builtins\x8c\x04eval\x93.", /refers to builtins\.eval,/);
  refuses("c__proto__\nconstructor\n.", /refers to __proto__\.constructor,/);
  refuses(`c${"m".repeat(9999)}\nname\n.`, /^.{200,300}$/); // a name is not to fill the screen
});

Deno.test("parsePickle() refuses a name before anything is called with it", () => {
  const calls: string[] = [];
  const meanings = { ...RECORDING, reduce: (path: string) => (calls.push(path), null) };
  assert.throws(
    () => parsePickle(latin1("cos\nsystem\n\x8c\x04true\x85R."), meanings),
    SyntaxError,
  );
  assert.deepEqual(calls, []);
});

Deno.test("parsePickle() refuses names that are no text", () => {
  // Made into text, lists that hold each other twice grow twofold with each level: 90 bytes of a
  // pickle would be a minute of work. As text, this tuple is "module".
  refuses("\x8c\x06module\x85\x8c\x04Name\x93.", /./);
});

Deno.test("parsePickle() refuses to call anything but a name", () => {
  refuses("\x8c\x02os)R.", /calls something that is no name/);
  refuses("cmodule\nName\nK\x01R.", /calls something that is no name/);
});

Deno.test("parsePickle() refuses the state of an object", () => {
  refuses("cmodule\nName\n)\x81}b.", /sets the state of an object/);
});

Deno.test("parsePickle() refuses opcodes that only exotic objects use", () => {
  for (const [opcode, code] of [["S'a'\n", "53"], ["i", "69"], ["o", "6f"], ["\x82\x01", "82"]]) {
    refuses(`${opcode}.`, new RegExp(`^opcode 0x${code} is not supported$`));
  }
});

const DAMAGED: [what: string, pickle: string | Uint8Array, problem: RegExp][] = [
  ["nothing", "", /ends too early/],
  ["no STOP", "K\x01", /ends too early/],
  ["only a STOP", ".", /stack is empty/],
  ["a STOP at a mark", "(.", /stack is empty/],
  ["half a number", "J\x01\x02", /ends too early/],
  ["a line without an end", "I12", /ends too early/],
  ["a malformed integer", "I1x\n.", /integer is malformed/],
  ["an integer without digits", "L\n.", /integer is malformed/],
  ["an integer of 401 digits", `L${"1".repeat(401)}L\n.`, /integer is malformed/],
  ["a malformed float", "F0.x\n.", /malformed/],
  ["a text longer than the pickle", "\x8c\xffa.", /ends too early/],
  ["a text of 2^64 - 1 bytes", concatenate([0x8d], u64(2n ** 64n - 1n)), /ends too early/],
  ["bytes of 2^63 bytes", concatenate([0x8e], u64(2n ** 63n)), /ends too early/],
  ["LONG4 of 2^32 - 1 bytes", concatenate([0x8b], u32(0xffffffff)), /ends too early/],
  ["LONG4 of 1025 bytes", concatenate([0x8b], u32(1025), new Uint8Array(1025)), /absurdly long/],
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

Deno.test("parsePickle() accepts 20,000 numbers as keys and no more", () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, i) => concatenate([0x4a], u32(i), [0x4e]));
  const dict = (count: number) => concatenate(latin1("}("), ...items(count), latin1("u."));
  assert.equal((parsePickle(dict(20_000), RECORDING) as Map<number, null>).size, 20_000);
  refuses(dict(20_001), /over 20000 keys of its dicts and sets are numbers/);
});

Deno.test("parsePickle() refuses a memo's index that is none", () => {
  for (const index of ["-1", "1.5", "2000000", "x", "1e300"]) {
    refuses(`Np${index}\n.`, /a memo is malformed/);
  }
  refuses("Nr\xff\xff\xff\xff.", /a memo is malformed/);
});

Deno.test("parsePickle() refuses a text that is no UTF-8", () => {
  refuses("\x8c\x01\xff.", /a text is no UTF-8/); // not another text that stands for it
});
