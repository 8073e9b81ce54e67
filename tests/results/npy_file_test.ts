import assert from "node:assert/strict";
import { npyBytes, parseNpy, readNpy } from "../../lib/results/npy_file.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputError } from "../support/input_errors.ts";
import { numpyTest } from "../support/numpy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const NUMBERS = {
  f4: Float32Array.of(0.1, -0, 3e38, 1e-45, 5, 6),
  f8: Float64Array.of(0.1, -0, 1e308, 5e-324, 5, 6),
  i4: Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 1, 2, 3),
} as const;

for (const type of ["f4", "f8", "i4"] as const) {
  const numbers = NUMBERS[type];

  numpyTest(`npyBytes() makes ${type} arrays that NumPy loads`, async (python) => {
    using directory = new TemporaryDirectory();
    const path = `${directory.path}/array.npy`;
    await Deno.writeFile(path, npyBytes(numbers, [3, 2]));
    const loaded = python(
      `a = np.load(sys.argv[1], allow_pickle=False)
print(json.dumps([a.dtype.str, a.shape, a.flags.c_contiguous, a.tobytes().hex()]))`,
      path,
    );
    const bytes = new Uint8Array(numbers.buffer);
    assert.deepEqual(loaded, [`<${type}`, [3, 2], true, bytes.toHex()]);
  });

  numpyTest(`readNpy() reads ${type} arrays that NumPy saves`, async (python) => {
    using directory = new TemporaryDirectory();
    const path = `${directory.path}/array.npy`;
    python(
      `data = np.frombuffer(bytes.fromhex(sys.argv[3]), dtype=sys.argv[2])
np.save(sys.argv[1], data.reshape(2, 3))`,
      path,
      type,
      new Uint8Array(numbers.buffer).toHex(),
    );
    assert.deepEqual(await readNpy(path, type, [2, 3]), numbers);
  });
}

numpyTest("readNpy() reads the second version of the format", async (python) => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/array.npy`;
  python(
    `with open(sys.argv[1], "wb") as file:
  np.lib.format.write_array(file, np.array([[1.5, 2.5]]), version=(2, 0))`,
    path,
  );
  assert.deepEqual(await readNpy(path, "f8", [1, 2]), Float64Array.of(1.5, 2.5));
});

numpyTest("npyBytes() makes long shapes whose data NumPy finds aligned", async (python) => {
  using directory = new TemporaryDirectory();
  const sizes = [1, 10, 100, 1000, 10_000, 100_000];
  const pathOf = (columns: number) => `${directory.path}/${columns}.npy`;
  for (const columns of sizes) {
    const data = new Float64Array(columns);
    data[columns - 1] = 0.1;
    await Deno.writeFile(pathOf(columns), npyBytes(data, [1, columns]));
    assert.deepEqual(await readNpy(pathOf(columns), "f8", [1, columns]), data);
  }
  const program = `
loaded = [np.load(path) for path in sys.argv[1:]]
print(json.dumps([[a.shape, a[0, -1]] for a in loaded]))`;
  const loaded = python(program, ...sizes.map(pathOf));
  assert.deepEqual(loaded, sizes.map((columns) => [[1, columns], 0.1]));
});

Deno.test("readNpy() reads the reference's float64 matrices", async () => {
  const path = `${REFERENCE}/golden/supervised/layer06_activation_matrix.npy`;
  const matrix = await readNpy(path, "f8", [6, 166]);
  const statistics = JSON.parse(
    Deno.readTextFileSync(`${REFERENCE}/golden/supervised/layer06_statistics.json`),
  );
  const slots = Object.keys(statistics).map((key) => statistics[key].relation_slots);
  assert.deepEqual(
    slots.map((_, row) => [...matrix.slice(166 * row + 160, 166 * row + 166)]),
    slots,
  );
});

Deno.test("npyBytes() takes the part of a buffer that an array is a view of", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/array.npy`;
  await Deno.writeFile(path, npyBytes(Float32Array.of(1, 2, 3, 4).subarray(1, 3), [2]));
  assert.deepEqual(await readNpy(path, "f4", [2]), Float32Array.of(2, 3));
});

Deno.test("readNpy() says which file does not exist", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/array.npy`;
  await assert.rejects(readNpy(path, "f4", [1]), inputError(`${path} does not exist`));
});

const ONE_TO_SIX = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
const HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

Deno.test("readNpy() reads the file that the refused ones below differ from", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("array.npy", npyOf(HEADER, ONE_TO_SIX));
  assert.deepEqual(await readNpy(path, "f4", [2, 3]), Float32Array.of(1, 2, 3, 4, 5, 6));
});

const REFUSED: readonly [what: string, bytes: Uint8Array, message: string | RegExp][] = [
  [
    "another element type",
    npyOf(HEADER.replace("f4", "f8"), new Uint8Array(48)),
    "holds <f8 elements in C order, expected <f4 in C order",
  ],
  [
    "integers of the same width",
    npyOf(HEADER.replace("f4", "i4"), ONE_TO_SIX),
    "holds <i4 elements in C order, expected <f4 in C order",
  ],
  [
    "big-endian numbers",
    npyOf(HEADER.replace("<", ">"), ONE_TO_SIX),
    "holds >f4 elements in C order, expected <f4 in C order",
  ],
  [
    "Python objects",
    npyOf(HEADER.replace("<f4", "|O"), ONE_TO_SIX),
    "holds |O elements in C order, expected <f4 in C order",
  ],
  [
    "Fortran order",
    npyOf(HEADER.replace("False", "True"), ONE_TO_SIX),
    "holds <f4 elements in Fortran order, expected <f4 in C order",
  ],
  [
    "a transposed shape",
    npyOf(HEADER.replace("2, 3", "3, 2"), ONE_TO_SIX),
    "has shape [3, 2], expected [2, 3]",
  ],
  [
    "a flat shape",
    npyOf(HEADER.replace("2, 3", "6,"), ONE_TO_SIX),
    "has shape [6], expected [2, 3]",
  ],
  [
    "a missing row",
    npyOf(HEADER, ONE_TO_SIX.slice(0, 12)),
    "is truncated: it has 12 bytes of elements, expected 24",
  ],
  ["a missing byte", npyOf(HEADER, ONE_TO_SIX.slice(0, 23)), /^is truncated: /],
  ["a cut header", npyOf(HEADER, ONE_TO_SIX).slice(0, 30), /: it is truncated$/],
  ["nothing", new Uint8Array(0), "is no usable .npy file: it is no .npy file"],
  [
    "another format",
    new TextEncoder().encode("PK\x03\x04 a zip"),
    "is no usable .npy file: it is no .npy file",
  ],
  [
    "an unknown header",
    npyOf("{'shape': (2, 3)}", ONE_TO_SIX),
    "is no usable .npy file: its header is not what NumPy writes",
  ],
  [
    "a header without fortran_order", // which a reader could take for False
    npyOf(HEADER.replace("'fortran_order': False, ", ""), ONE_TO_SIX),
    "is no usable .npy file: its header is not what NumPy writes",
  ],
  [
    "a header with an entry twice",
    npyOf(HEADER.replace("'shape'", "'shape': (2, 3), 'shape'"), ONE_TO_SIX),
    "is no usable .npy file: its header is not what NumPy writes",
  ],
  [
    "a structured type",
    npyOf(HEADER.replace("'<f4'", "[('a', '<f4')]"), ONE_TO_SIX),
    "is no usable .npy file: its header is not what NumPy writes",
  ],
  [
    "a negative size",
    npyOf(HEADER.replace("2, 3", "-2, -3"), ONE_TO_SIX),
    "is no usable .npy file: its header is not what NumPy writes",
  ],
  [
    // 2^32 * 2^32 elements are none to whoever counts modulo 2^64.
    "a shape that overflows",
    npyOf(HEADER.replace("2, 3", `${2 ** 32}, ${2 ** 32}`), new Uint8Array(0)),
    "has shape [4294967296, 4294967296], expected [2, 3]",
  ],
  [
    "a version that does not exist",
    npyOf(HEADER, ONE_TO_SIX).with(6, 4),
    "is no usable .npy file: its version 4.0 is unknown",
  ],
  [
    "NaN",
    npyOf(HEADER, new Uint8Array(Float32Array.of(1, 2, NaN, 4, 5, 6).buffer)),
    "holds NaN at position 2",
  ],
  [
    "infinity",
    npyOf(HEADER, new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, -Infinity).buffer)),
    "holds -Infinity at position 5",
  ],
];

for (const [what, bytes, message] of REFUSED) {
  Deno.test(`readNpy() refuses ${what} in one line that names the file`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("array.npy", bytes);
    await assert.rejects(readNpy(path, "f4", [2, 3]), (error: Error) => {
      inputError(/./)(error);
      assert.equal(error.message.slice(0, path.length + 1), `${path} `);
      const rest = error.message.slice(path.length + 1);
      if (typeof message === "string") assert.equal(rest, message);
      else assert.match(rest, message);
      return true;
    });
  });
}

Deno.test("readNpy() reads NaN where a value may lack, and infinity nowhere", async () => {
  using directory = new TemporaryDirectory();
  for (const type of ["f4", "f8"] as const) {
    const values = type === "f4" ? new Float32Array(4) : new Float64Array(4);
    values.set([1, NaN, 3e38, NaN]);
    const path = directory.write(`${type}.npy`, npyBytes(values, [4]));
    assert.deepEqual(await readNpy(path, type, [4], { mayLack: true }), values);
    for (const infinite of [Infinity, -Infinity]) {
      values[3] = infinite;
      directory.write(`${type}.npy`, npyBytes(values, [4]));
      await assert.rejects(
        readNpy(path, type, [4], { mayLack: true }),
        new RegExp(`holds ${infinite} at position 3`),
      );
    }
  }
});

Deno.test("readNpy() does not call a file truncated that is too long", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("array.npy", npyOf(HEADER, new Uint8Array(28)));
  await assert.rejects(readNpy(path, "f4", [2, 3]), (error: Error) => {
    inputError(/\b28\b.*\b24\b/)(error);
    assert.doesNotMatch(error.message, /truncated/);
    return true;
  });
});

Deno.test("parseNpy() refuses an array of over 512 MiB before reading it", async () => {
  const count = 2 ** 27;
  const header = npyOf(HEADER.replace("2, 3", `${count},`), new Uint8Array(0));
  const ranges: [number, number][] = [];
  const source = {
    name: "array.npy",
    byteLength: header.length + 4 * count,
    read: (start: number, end: number) => {
      ranges.push([start, end]);
      return Promise.resolve(new Uint8Array(header.slice(start, end)));
    },
  };
  await assert.rejects(
    parseNpy(source, "f4", [count]),
    inputError("array.npy has 536871040 bytes, expected at most 536870912"),
  );
  assert.deepEqual(ranges, [[0, 12], [10, 128]]);
});

/** A file of version 1.0 with this header and these elements. */
function npyOf(header: string, elements: Uint8Array): Uint8Array {
  const padded = header.padEnd(117) + "\n"; // so that the elements begin at byte 128
  const magic = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, padded.length, 0);
  return Uint8Array.from([...magic, ...new TextEncoder().encode(padded), ...elements]);
}
