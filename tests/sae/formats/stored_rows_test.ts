/** The rows of features of matrices in files, however these lie there. */
import assert from "node:assert/strict";
import { storedColumns, storedRows } from "../../../lib/sae/formats/stored_rows.ts";
import type { FeatureRows } from "../../../lib/sae/feature_rows.ts";
import { openTensorFile } from "../../../lib/tensors/open_tensor_file.ts";
import type { TensorFile } from "../../../lib/tensors/tensor_file.ts";
import { numpyTest, type RunPython } from "../../support/numpy.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { safetensors } from "../../support/tiny_model.ts";
import { torchFile, torchTensor, torchView } from "../../support/torch_file.ts";

const [FEATURES, WIDTH] = [11, 7];
/** Whole numbers, which float16 holds, too. */
const ROWS = Float32Array.from({ length: FEATURES * WIDTH }, (_, i) => (i * 31) % 101 - 50);
const COLUMNS = Float32Array.from(
  { length: ROWS.length },
  (_, i) => ROWS[(i % FEATURES) * WIDTH + Math.floor(i / FEATURES)]!,
);

/** Nothing stays in memory, and pieces are of a row or two. */
const BY_RANGE = { wholeBytes: 0, pieceBytes: 4 * 16 };

async function checkRows(rows: FeatureRows, factor = (_: number) => 1): Promise<void> {
  assert.equal(rows.width, WIDTH);
  for (const [first, count] of [[0, FEATURES], [3, 1], [2, 5], [10, 1], [4, 0]] as const) {
    const expected = ROWS.slice(first * WIDTH, (first + count) * WIDTH)
      .map((value, i) => value * factor(first + Math.floor(i / WIDTH)));
    const found = await rows.read(first, count);
    assert.deepEqual(found, expected, `${count} from ${first} on`);
    rows.release?.(found);
    if (rows.readColumns === undefined || count === 0) continue;
    for (const depth of [{ first: 0, count: WIDTH }, { first: 2, count: 3 }]) {
      const columns = await rows.readColumns({ first, count }, depth);
      const turned = Float32Array.from(
        { length: depth.count * count },
        (_, i) => expected[(i % count) * WIDTH + depth.first + Math.floor(i / count)]!,
      );
      assert.deepEqual(columns, turned, `${count} from ${first} on, as columns`);
    }
  }
}

async function checkBoth(file: TensorFile, names = ["rows", "columns"]): Promise<void> {
  const half = Array.from({ length: FEATURES }, (_, feature) => 2 ** -(feature % 3));
  for (const options of [{}, BY_RANGE]) {
    for (const factors of [[], [half], [2, half]]) {
      const factor = (feature: number) =>
        (factors.length === 0 ? 1 : half[feature]!) * (factors.length === 2 ? 2 : 1);
      await checkRows(storedRows(file, names[0]!, { ...options, factors }), factor);
      await checkRows(storedColumns(file, names[1]!, { ...options, factors }), factor);
    }
  }
}

const MATRICES = {
  rows: { shape: [FEATURES, WIDTH], values: ROWS },
  columns: { shape: [WIDTH, FEATURES], values: COLUMNS },
};

Deno.test("storedRows() and storedColumns() read ranges of features of a safetensors file", async () => {
  using directory = new TemporaryDirectory();
  const content = safetensors(new Map(Object.entries(MATRICES)));
  await checkBoth(await openTensorFile(directory.write("w.safetensors", content)));
});

Deno.test("storedRows() and storedColumns() read ranges of features of a PyTorch file, and of its views", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile({
    rows: torchTensor("0", [FEATURES, WIDTH]),
    columns: torchTensor("1", [WIDTH, FEATURES]),
    rows_turned: torchView("1", { shape: [FEATURES, WIDTH], strides: [1, FEATURES] }),
    columns_turned: torchView("0", { shape: [WIDTH, FEATURES], strides: [1, WIDTH] }),
  }, { 0: ROWS, 1: COLUMNS });
  const file = await openTensorFile(directory.write("w.pt", content));
  await checkBoth(file);
  await checkBoth(file, ["rows_turned", "columns_turned"]);
});

const SAVES = ["savez", "savez_compressed"];
const TYPES = ["<f4", "<f8", "<f2", ">f4", ">f2"];
const saved = new TemporaryDirectory();
addEventListener("unload", () => saved[Symbol.dispose]()); // after the tests
let isSaved = false;

/** The matrices saved in some way, in all ways at once: NumPy takes its time to start. */
function savedBy(save: string, type: string, python: RunPython): string {
  const program = `
i = np.arange(${FEATURES * WIDTH})
for s in sys.argv[2].split():
    for t in sys.argv[3].split():
        a = ((i * 31) % 101 - 50).reshape(${FEATURES}, ${WIDTH}).astype(t)
        c = np.ascontiguousarray(a.T)
        f = np.asfortranarray(a)
        getattr(np, s)(f"{sys.argv[1]}/{s}{t}.npz", rows=a, columns=c, f=f, ft=a.T)`;
  if (!isSaved) python(program, saved.path, SAVES.join(" "), TYPES.join(" "));
  isSaved = true;
  return `${saved.path}/${save}${type}.npz`;
}

for (const save of SAVES) {
  for (const type of TYPES) {
    numpyTest(
      `storedRows() and storedColumns() read ranges of np.${save}, ${type}`,
      async (python) => {
        const file = await openTensorFile(savedBy(save, type, python));
        await checkBoth(file);
        await checkBoth(file, ["f", "ft"]);
      },
    );
  }
}

Deno.test("rows say how they can be read in pieces: as rows, as columns, or as neither", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile({
    rows: torchTensor("0", [FEATURES, WIDTH]),
    columns: torchTensor("1", [WIDTH, FEATURES]),
    rows_turned: torchView("1", { shape: [FEATURES, WIDTH], strides: [1, FEATURES] }),
    columns_turned: torchView("0", { shape: [WIDTH, FEATURES], strides: [1, WIDTH] }),
  }, { 0: ROWS, 1: COLUMNS });
  const file = await openTensorFile(directory.write("w.pt", content));
  const waysOf = ({ isEvenlyRead = false, readColumns }: FeatureRows) => [
    isEvenlyRead,
    readColumns !== undefined,
  ];
  assert.deepEqual(waysOf(storedRows(file, "rows", BY_RANGE)), [true, false]);
  assert.deepEqual(waysOf(storedColumns(file, "columns", BY_RANGE)), [false, true]);
  assert.deepEqual(waysOf(storedRows(file, "rows_turned", BY_RANGE)), [false, false]);
  assert.deepEqual(waysOf(storedColumns(file, "columns_turned", BY_RANGE)), [false, false]);
  // What stays in memory needs no pieces.
  assert.deepEqual(waysOf(storedColumns(file, "columns")), [false, false]);
});

Deno.test("storedRows() reads what stays in memory once", async () => {
  using directory = new TemporaryDirectory();
  const content = safetensors(new Map(Object.entries(MATRICES)));
  const file = await openTensorFile(directory.write("w.safetensors", content));
  let reads = 0;
  const counted: TensorFile = {
    ...file,
    read: (...args) => (reads++, file.read(...args)),
  };
  const rows = storedRows(counted, "rows");
  await Promise.all([rows.read(0, 3), rows.read(5, 2)]);
  assert.equal(reads, 1);
  assert.equal(rows.release, undefined);
});
