import assert from "node:assert/strict";
import { SparseFeatures } from "../../lib/features/sparse_features.ts";
import { zipFile } from "../../lib/files/zip_writer.ts";
import { numpyTest } from "../support/numpy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

function fileOf(sparse: SparseFeatures): Uint8Array {
  const parts = [...zipFile(sparse.members())];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytes;
}

/** What `scipy.sparse.load_npz` does with the members, without SciPy. */
const LOAD = `
with np.load(sys.argv[1]) as file:
    assert file["format"].item() == b"csr", file["format"]
    shape = tuple(int(n) for n in file["shape"])
    ends, columns, values = file["indptr"], file["indices"], file["data"]
    assert ends.dtype == columns.dtype == np.int32 and values.dtype == np.float32
    dense = np.zeros(shape, "f4")
    for row in range(shape[0]):
        own = slice(ends[row], ends[row + 1])
        assert (np.diff(columns[own]) > 0).all()
        dense[row, columns[own]] = values[own]
    print(json.dumps([list(shape), dense.tolist()]))`;

numpyTest(
  "SparseFeatures is the matrix of its rows, signs and rows of nothing included",
  async (python) => {
    using directory = new TemporaryDirectory();
    let path: string;
    {
      using sparse = new SparseFeatures(3, directory.path);
      sparse.add(Float32Array.of(0, -1.5, 2, 0, 0, 0));
      sparse.add(new Float32Array(0));
      sparse.add(Float32Array.of(0.25, -0, 0));
      assert.equal(sparse.count, 3);
      path = directory.write("features.npz", fileOf(sparse));
    }
    assert.deepEqual(await python(LOAD, path), [[3, 3], [[0, -1.5, 2], [0, 0, 0], [0.25, 0, 0]]]);
    assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name), [
      "features.npz",
    ]);
  },
);

numpyTest("SparseFeatures of no rows is a matrix of no rows", async (python) => {
  using directory = new TemporaryDirectory();
  using sparse = new SparseFeatures(3, directory.path);
  const path = directory.write("features.npz", fileOf(sparse));
  assert.deepEqual(await python(LOAD, path), [[0, 3], []]);
});
