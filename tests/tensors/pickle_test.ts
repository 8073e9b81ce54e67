import assert from "node:assert/strict";
import { parsePickle, type PickleMeanings } from "../../lib/tensors/pickle.ts";
import {
  OpaqueValue,
  PickleDict,
  PickleGlobal,
  type PickleValue,
} from "../../lib/tensors/pickle_values.ts";
import { concatenate, latin1, u32, u64 } from "./bytes.ts";
import { plain } from "./torch_checkpoints.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";

const FIXTURES = new URL("../fixtures/torch", import.meta.url).pathname;

/** Meanings that keep what they are asked, so that tests see it. */
const RECORDING: PickleMeanings = {
  names: new Set(["collections.OrderedDict", "module.Name"]),
  reduce: (path, args) => path === "collections.OrderedDict" ? new PickleDict() : { path, args },
  persistent: (id) => ({ id }),
};

/** Reads a pickle given as text, in which each character is one byte; dicts are `Map`, sets `Set`. */
function parse(pickle: string): PickleValue {
  return plain(parsePickle(latin1(pickle), RECORDING));
}

function refuses(pickle: string | Uint8Array, problem: RegExp): void {
  const bytes = typeof pickle === "string" ? latin1(pickle) : pickle;
  assert.throws(() => parsePickle(bytes, RECORDING), { name: "SyntaxError", message: problem });
}

for (let protocol = 0; protocol <= 5; protocol++) {
  Deno.test(`parsePickle() reads the plain data of protocol ${protocol}`, () => {
    const bytes = Deno.readFileSync(`${FIXTURES}/plain_protocol${protocol}.pkl`);
    const value = plain(parsePickle(bytes, RECORDING)) as Map<string, PickleValue>;
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
  assert.deepEqual(parse("(K\x01K\x02\x91."), new Set([1, 2])); // FROZENSET
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
    const pair = parsePickle(latin1(`]${put}${get}\x86.`), RECORDING);
    const [first, second] = pair as PickleValue[];
    assert.equal(first, second);
  }
});

Deno.test("parsePickle() ties a list that holds itself", () => {
  const list = parsePickle(latin1("]q\x00h\x00a."), RECORDING) as PickleValue[];
  assert.equal(list.length, 1);
  assert.equal(list[0], list);
});

Deno.test("parsePickle() reads nesting of any depth", () => {
  const depth = 100_000; // would overflow the stack of a reader that calls itself
  const nested = latin1("]".repeat(depth) + "a".repeat(depth - 1) + ".");
  let value = parsePickle(nested, RECORDING) as PickleValue[];
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

Deno.test("parsePickle() makes opaque values of what comes of other names", () => {
  const opaque = (path: string) => new OpaqueValue(path);
  assert.deepEqual(parse("cos\nsystem\n."), new PickleGlobal("os.system"));
  for (
    const call of [
      "cos\nsystem\n(Vtrue\ntR.", // REDUCE
      "\x8c\x02os\x8c\x06system\x93(Vtrue\nt\x81.", // NEWOBJ
      "cos\nsystem\n(Vtrue\nt(Va\nK\x01d\x92.", // NEWOBJ_EX
      "(Vtrue\nios\nsystem\n.", // INST
      "(cos\nsystem\nVtrue\no.", // OBJ
    ]
  ) assert.deepEqual(parse(call), opaque("os.system"), call);
  assert.deepEqual(parse("\x82\x07)R."), opaque("copyreg extension 7"));
  assert.deepEqual(parse("\x83\x07\x00)R."), opaque("copyreg extension 7"));
  assert.deepEqual(parse("\x84\x07\x00\x00\x00)R."), opaque("copyreg extension 7"));
  // A name that has a meaning has none with keywords, or behind an attribute.
  assert.deepEqual(parse("cmodule\nName\n)(Va\nNd\x92."), opaque("module.Name"));
  assert.deepEqual(
    parse("cbuiltins\ngetattr\n(cmodule\nName\nVx\ntR)R."),
    opaque("builtins.getattr"),
  );
  assert.deepEqual(parse("c__proto__\nconstructor\n)R."), opaque("__proto__.constructor"));
});

Deno.test("parsePickle() does not find a meaning in a name that is longer than any", () => {
  const { path } = parse(`cmodule\nName${"e".repeat(9999)}\n)R.`) as OpaqueValue;
  assert.match(path, /^module\.Namee{196}…$/);
});

Deno.test("parsePickle() drops what is put into opaque values", () => {
  const made = "cmy\nThing\n)\x81";
  for (
    const items of ["K\x01a", "(K\x01K\x02e", "K\x01K\x02s", "(K\x01K\x02u", "(K\x01\x90", "}b"]
  ) {
    assert.deepEqual(parse(`${made}${items}.`), new OpaqueValue("my.Thing"), items);
  }
});

Deno.test("parsePickle() asks no meaning for a name that it has none for", () => {
  const calls: string[] = [];
  const meanings = { ...RECORDING, reduce: (path: string) => (calls.push(path), null) };
  parsePickle(latin1("cos\nsystem\n\x8c\x04true\x85R."), meanings);
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

Deno.test("parsePickle() refuses a state that would change what a name means", () => {
  refuses("cmodule\nName\n)\x81}b.", /sets the state of a tensor/);
});

Deno.test("parsePickle() reads texts of Python 2, and bytes where they are none", () => {
  assert.equal(parse("S'it\\'s \\x41\\n'\n."), "it's A\n");
  assert.equal(parse('S"\xc3\xa9"\n.'), "é");
  assert.deepEqual(parse("S'\\xff\\x00'\n."), Uint8Array.of(255, 0));
  assert.equal(parse("U\x02\xc3\xa9."), "é");
  assert.deepEqual(parse("T\x02\x00\x00\x00\xff\x00."), Uint8Array.of(255, 0));
  refuses("S'a\n.", /a text is malformed/);
});

Deno.test("parsePickle() reads BYTEARRAY8", () => {
  assert.deepEqual(parse("\x96\x02\0\0\0\0\0\0\0\x00\xff."), Uint8Array.of(0, 255));
});

Deno.test("parsePickle() keeps halves of surrogate pairs, as in names that are no UTF-8", () => {
  // Written by Python for os.fsdecode(b"a\\xff"), "\\U0001f422", "é" and "żx"
  assert.equal(parse("\x8c\x04a\xed\xb3\xbf."), "a\udcff");
  const all = "\xed\xb3\xbf\xf0\x9f\x90\xa2\xc3\xa9\xc5\xbcx\xe6\x97\xa5";
  assert.equal(parse(`\x8c${String.fromCharCode(all.length)}${all}.`), "\udcff🐢éżx日");
  refuses("\x8c\x05\xed\xb3\xbf\xffa.", /a text is no UTF-8/);
});

Deno.test("parsePickle() makes an integer opaque that is longer than any size", () => {
  assert.deepEqual(parse(`L${"1".repeat(401)}L\n.`), new OpaqueValue("int"));
  const long = concatenate([0x8b], u32(1025), new Uint8Array(1025), latin1("."));
  assert.deepEqual(parsePickle(long, RECORDING), new OpaqueValue("int"));
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

Deno.test("parsePickle() does not take keys of different kinds for the same", () => {
  const keys = ["V1\n", "K\x01", "C\x011", "VNone\n", "N", "Vb31\n", ")", ")"];
  const dict = parsePickle(latin1(`(${keys.map((key) => key + "N").join("")}d.`), RECORDING);
  assert.equal((dict as PickleDict).size, keys.length);
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

Deno.test("parsePickle() is not kept busy by keys that JavaScript's own maps collide on", () => {
  const count = 60_000;
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
    assert(seconds < 10, `${what} took ${seconds} s`); // some 0.2 s; a Map takes a minute
  }
});

Deno.test("parsePickle() counts the length of a text again for each dict that has it as a key", () => {
  const start = `X\x80\x1a\x06\x00${"a".repeat(400_000)}q\x000`;
  const dicts = (count: number) => `${start}${"}h\x00Ns0".repeat(count)}N.`;
  assert.equal(parse(dicts(10)), null);
  refuses(dicts(20), /it holds over 2000000 values/);
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
