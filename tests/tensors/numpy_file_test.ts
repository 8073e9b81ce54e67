/** Arrays as NumPy itself writes them. */
import assert from "node:assert/strict";
import { FileSource } from "../../lib/files/byte_source.ts";
import { parseNpyHeader } from "../../lib/tensors/npy_header.ts";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { inputError } from "../support/input_errors.ts";
import { numpyTest, type RunPython } from "../support/numpy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** 1, 2 … 12 in three rows, which float16 holds, too. */
const ROWS = `np.arange(1, 13).reshape(3, 4)`;
const VALUES = Array.from({ length: 12 }, (_, i) => i + 1);

const TYPES = ["<f4", "<f8", "<f2", ">f4", ">f8", ">f2"];
const ORDERS = ["C", "F"];
const saved = new TemporaryDirectory();
addEventListener("unload", () => saved[Symbol.dispose]()); // after the tests
let isSaved = false;

/** The rows in every type and order, all of them saved at once: NumPy takes its time to start. */
function savedAs(type: string, order: string, python: RunPython): string {
  const save = `
for t in sys.argv[2].split():
    for o in sys.argv[3].split():
        np.save(f"{sys.argv[1]}/{t}{o}.npy", np.asarray(${ROWS}, t, order=o))`;
  if (!isSaved) python(save, saved.path, TYPES.join(" "), ORDERS.join(" "));
  isSaved = true;
  return `${saved.path}/${type}${order}.npy`;
}

for (const type of TYPES) {
  for (const order of ORDERS) {
    numpyTest(
      `openTensorFile() reads a .npy of ${type} in order ${order}, and its rows`,
      async (python) => {
        const file = await openTensorFile(savedAs(type, order, python));
        assert.deepEqual(file.tensors.get("array")!.shape, [3, 4]);
        assert.deepEqual([...await file.read("array")], VALUES);
        assert.deepEqual([...await file.read("array", { start: 1, end: 2 })], [5, 6, 7, 8]);
        assert.deepEqual([...await file.read("array", { start: 3, end: 3 })], []);
        const isPlain = type.startsWith("<") && order === "C";
        assert.equal(file.place("array") !== undefined, isPlain);
      },
    );
  }
}

for (const save of ["savez", "savez_compressed"]) {
  numpyTest(`openTensorFile() reads an .npz of np.${save}, by name and rows`, async (python) => {
    using directory = new TemporaryDirectory();
    const path = `${directory.path}/a.npz`;
    await python(
      `a = ${ROWS}
np.${save}(sys.argv[1], w=np.asfortranarray(a, "f4"), b=a.astype("f8"), n=a, s=np.float32(3),
  empty=np.zeros((0, 4), "f4"), u=a.astype("U3"))`,
      path,
    );
    const file = await openTensorFile(path);
    assert.deepEqual([...await file.read("w")], VALUES);
    assert.deepEqual([...await file.read("b", { start: 0, end: 2 })], VALUES.slice(0, 8));
    assert.deepEqual([...await file.read("s")], [3]);
    assert.deepEqual([...await file.read("empty")], []);
    await file.verify(["b"]);
    assert.deepEqual([...await file.read("b", { start: 2, end: 3 })], [9, 10, 11, 12]);
    await assert.rejects(file.read("n"), inputError(/array n is int64, expected floating-point/));
    await assert.rejects(file.read("u"), inputError(/tensor u is <U3, which coact does not read/));
    await assert.rejects(file.read("v"), inputError(/tensor v is missing/));
  });
}

numpyTest("openTensorFile() never unpickles arrays of objects", async (python) => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a.npz`;
  await python(`np.savez(sys.argv[1], W=np.array([{}, None], dtype=object))`, path);
  const file = await openTensorFile(path);
  assert.equal(file.unreadable.get("W"), "object");
  await assert.rejects(file.read("W"), inputError(/tensor W is object, which coact does not read/));
});

numpyTest("openTensorFile() reads of a large .npy what is asked for", async (python) => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a.npy`;
  await python(`np.save(sys.argv[1], np.zeros((1000, 1000), "f4"))`, path);
  const file = await openTensorFile(path);
  const { prototype } = FileSource;
  const { read } = prototype;
  let bytes = 0;
  prototype.read = function (start, end) {
    bytes += end - start;
    return read.call(this, start, end);
  };
  try {
    await file.read("array", { start: 10, end: 12 });
  } finally {
    prototype.read = read;
  }
  assert.equal(bytes, 2 * 1000 * 4);
});

numpyTest("openTensorFile() refuses arrays that are damaged", async (python) => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a.npy`;
  await python(`np.save(sys.argv[1], np.ones(100, "f4"))`, path);
  const bytes = Deno.readFileSync(path);
  const refused = async (name: string, content: Uint8Array, message: RegExp) => {
    const changed = directory.write(name, content);
    const reading = openTensorFile(changed).then((file) => file.read("array"));
    await assert.rejects(reading, inputError(message));
  };
  await refused("short.npy", bytes.subarray(0, -1), /needs 528 bytes but has 527; it may be trunc/);
  await refused("cut.npy", bytes.subarray(0, 20), /its header is cut off/);
  await refused("text.npy", new TextEncoder().encode("a,b,c\n1,2,3\n"), /no array of NumPy's/);
  const nan = bytes.slice();
  nan.set([0, 0, 0xc0, 0x7f], 128 + 4);
  await refused("nan.npy", nan, /array array holds NaN at position 1/);
});

numpyTest("openTensorFile() refuses an .npz whose members are damaged", async (python) => {
  using directory = new TemporaryDirectory();
  const saves = ["savez", "savez_compressed"];
  const program = `
for s in sys.argv[2:]:
    getattr(np, s)(f"{sys.argv[1]}/{s}.npz", a=np.arange(999, dtype="f4"))`;
  python(program, directory.path, ...saves);
  for (const save of saves) {
    const path = `${directory.path}/${save}.npz`;
    const bytes = Deno.readFileSync(path);
    bytes[600]! ^= 0x10;
    Deno.writeFileSync(path, bytes);
    const reading = openTensorFile(path).then((file) => file.read("a"));
    await assert.rejects(reading, inputError(/no usable zip file/));
  }
});

/** A header of version 1 around a dict. */
function header(dict: string): Uint8Array {
  const text = new TextEncoder().encode(dict + "\n");
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0, ...text);
}

Deno.test("parseNpyHeader() reads headers of other writers", () => {
  const { shape, strides, description } = parseNpyHeader(
    header("{\"shape\":(2,3L),'descr':'<f4',\"fortran_order\":True}"),
  );
  assert.deepEqual([shape, strides, description], [[2, 3], [1, 2], "<f4"]);
  assert.deepEqual(
    parseNpyHeader(header("{'descr': '<f4', 'fortran_order': False, 'shape': (), }")).shape,
    [],
  );
});

for (
  const dict of [
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
    "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
    "[]",
  ]
) {
  Deno.test(`parseNpyHeader() refuses ${dict}`, () => {
    assert.throws(() => parseNpyHeader(header(dict)), SyntaxError);
  });
}
