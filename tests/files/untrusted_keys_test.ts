import { deepEqual, equal } from "node:assert/strict";
import { UntrustedMap, UntrustedSet } from "../../lib/files/untrusted_keys.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";

Deno.test("an UntrustedMap does what a Map does", () => {
  const map = new UntrustedMap<number>();
  const expected = new Map<string, number>();
  for (let i = 0; i < 5000; i++) {
    const key = String.fromCharCode(i * 7919 % 61, ...(i % 3 === 0 ? [0xd800 + i % 5] : []));
    equal(map.has(key), expected.has(key));
    equal(map.get(key), expected.get(key));
    map.set(key, i);
    expected.set(key, i);
  }
  equal(map.size, expected.size);
  deepEqual([...map], [...expected]);
  deepEqual([...map.keys()], [...expected.keys()]);
  deepEqual([...map.values()], [...expected.values()]);
});

Deno.test("an UntrustedMap tells names apart that objects of JavaScript have, and similar ones", () => {
  const names = ["", "\0", "\0\0", "a", "a\0", "ab", "ba", "__proto__", "constructor", "size"];
  const map = new UntrustedMap(names.map((name, i) => [name, i]));
  deepEqual(names.map((name) => map.get(name)), [...names.keys()]);
  equal(map.get("toString"), undefined);
});

Deno.test("UntrustedSet.add() says whether a text is new", () => {
  const set = new UntrustedSet();
  deepEqual([set.add("a"), set.add("b"), set.add("a"), set.size], [true, true, false, 2]);
  deepEqual([set.has("a"), set.has("c")], [true, false]);
});

// V8's secrets of the hash and the text after which its state is the same whatever came before are
// the same in every process of a version of Deno: a stranger may know them. Those that need no
// computing are tried here.
const FLOODS: [string, (i: number) => string][] = [
  ["look like integers that end in many zero bits", (i) => String(i * 65536)],
  ["look like integers beyond 32 bits", (i) => String(i * 2 ** 32)],
  ["look like negative integers", (i) => String(-i * 65536)],
  ["have 20,000 characters and differ in the last", (i) => `${"x".repeat(19_980)}${i}`],
  ["have 20,000 characters and differ in the first", (i) => `${i}${"x".repeat(19_980)}`],
];
for (const [what, keyOf] of FLOODS) {
  Deno.test(`keys that ${what} cost an UntrustedMap no more than others do`, () => {
    const isLong = keyOf(0).length > 1000;
    const count = isLong ? 1500 : 65_536;
    const other = (i: number) => isLong ? `${i}${"y".repeat(7000 + i * 10)}` : `layer.${i}.weight`;
    const time = (keys: string[]) => {
      const start = cpuMilliseconds();
      const map = new UntrustedMap<number>();
      for (const [i, key] of keys.entries()) map.set(key, i);
      for (const [i, key] of keys.entries()) equal(map.get(key), i);
      return cpuMilliseconds() - start;
    };
    const plain = Array.from({ length: count }, (_, i) => other(i));
    const hostile = Array.from({ length: count }, (_, i) => keyOf(i));
    time(plain); // once, for the compiler
    const [usual, found] = [time(plain), time(hostile)];
    // A Map takes these some hundred times as long; one that was busy is given a second.
    equal(found < 10 * usual + 1000, true, `${found} ms, where others take ${usual} ms`);
  });
}
