import assert from "node:assert/strict";
import { parsePickle } from "../../lib/tensors/pickle.ts";
import {
  OpaqueValue,
  type PickleDict,
  PickleGlobal,
  type PickleValue,
} from "../../lib/tensors/pickle_values.ts";
import { concatenate, latin1, u32 } from "./bytes.ts";
import { parse, RECORDING, refuses } from "./recording_pickles.ts";
import { plain } from "./torch_checkpoints.ts";

const FIXTURES = new URL("../fixtures/torch", import.meta.url).pathname;

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

Deno.test("parsePickle() does not take keys of different kinds for the same", () => {
  const keys = ["V1\n", "K\x01", "C\x011", "VNone\n", "N", "Vb31\n", ")", ")"];
  const dict = parsePickle(latin1(`(${keys.map((key) => key + "N").join("")}d.`), RECORDING);
  assert.equal((dict as PickleDict).size, keys.length);
});
