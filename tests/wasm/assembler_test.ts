import assert from "node:assert/strict";
import { FunctionCode, moduleOf } from "../../lib/wasm/assembler.ts";
import { i32, loadWhole, storeWhole, whileTrue, whole } from "../../lib/wasm/instructions.ts";
import { f64x2, floats, floatsOf, loadLow, store } from "../../lib/wasm/vectors.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  run(from: number, to: number): void;
}

function run(code: FunctionCode, values: readonly number[], ...range: [number, number]) {
  const module = new WebAssembly.Module(moduleOf({ run: code }, 100_000));
  const { memory, run } = new WebAssembly.Instance(module).exports as unknown as Exports;
  new Int32Array(memory.buffer).set(values);
  run(...range);
  return memory.buffer;
}

Deno.test("a loop goes through memory, two numbers at a time", () => {
  const code = new FunctionCode(["i32", "i32"], ([at, end], local) => {
    const sum = local("v128");
    return [
      sum.set(floats(-0.5)),
      whileTrue(i32.below(at!.get, end!.get), [
        sum.set(f64x2.add(sum.get, floatsOf(loadLow(at!.get, 0)))),
        at!.set(i32.add(at!.get, whole(8))),
      ]),
      store(whole(0), sum.get, 1024),
    ];
  });
  const memory = run(code, [1, 20, 3, 40, 5, -60, 7, 80], 8, 32);
  assert.deepEqual([...new Float64Array(memory, 1024, 2)], [14.5, 59.5]);
  assert.equal(memory.byteLength, 2 * 65536);
});

Deno.test("whole numbers of any size and sign are written", () => {
  for (const value of [0, 1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]) {
    const code = new FunctionCode(["i32", "i32"], () => [
      store(whole(0), floatsOf([...whole(value), 0xfd, 0x11]), 16),
    ]);
    assert.equal(new Float64Array(run(code, [], 0, 0), 16, 1)[0], value);
  }
  const code = new FunctionCode(["i32", "i32"], ([at]) => [
    store(whole(0), floatsOf([...loadWhole(at!.get, 4), 0xfd, 0x11]), 200),
  ]);
  assert.equal(new Float64Array(run(code, [5, 6, 7], 4, 0), 200, 1)[0], 7);
});

Deno.test("a module takes memory that is there, if it is to", () => {
  const code = new FunctionCode(["i32"], ([value]) => [storeWhole(whole(8), value!.get, 0)]);
  const memory = new WebAssembly.Memory({ initial: 2 });
  const module = new WebAssembly.Module(moduleOf({ run: code }, 100_000, true));
  const { exports } = new WebAssembly.Instance(module, { "": { memory } });
  (exports["run"] as (value: number) => void)(77);
  assert.equal(new Int32Array(memory.buffer)[2], 77);
});
