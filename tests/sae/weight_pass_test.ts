import assert from "node:assert/strict";
import { inputError } from "../support/input_errors.ts";
import { randomNumbers } from "../support/tiny_model.ts";
import { WeightPass } from "../../lib/sae/weight_pass.ts";

/** Shows a pass a matrix, so many numbers at a time. */
function show(pass: WeightPass, matrix: Float32Array, atOnce: number): void {
  for (let at = 0; at < matrix.length; at += atOnce) {
    const { buffer, byteOffset } = pass.room;
    const piece = matrix.subarray(at, at + atOnce);
    const place = new Float32Array(buffer, byteOffset, piece.length);
    place.set(piece);
    pass.see(place);
  }
}

/** The product of each row with a vector, one number after the other. */
function products(matrix: Float32Array, vector: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.length / vector.length }, (_, row) => {
    let sum = 0;
    vector.forEach((x, column) => sum += matrix[row * vector.length + column]! * x);
    return sum;
  });
}

const [ROWS, COLUMNS] = [11, 7];
const MATRIX = randomNumbers(ROWS * COLUMNS, 1);
const VECTORS = [2, 3, 4].map((seed) => Float64Array.from(randomNumbers(COLUMNS, seed)));
VECTORS[0]![3] = VECTORS[1]![3] = VECTORS[2]![0] = 0; // one that both have, and one of the last
VECTORS[1]![6] = 0;

for (const atOnce of [1, 5, 28, 30, ROWS * COLUMNS]) {
  Deno.test(`a pass by ${atOnce} numbers at a time gives products to the last bit, and the greatest`, () => {
    for (const count of [0, 1, 2, 3]) {
      const vectors = VECTORS.slice(0, count);
      using pass = new WeightPass({ rows: ROWS, columns: COLUMNS, vectors });
      show(pass, MATRIX, atOnce);
      assert.deepEqual(pass.products, vectors.map((vector) => products(MATRIX, vector)));
      assert.equal(pass.greatest, Math.max(...MATRIX.map(Math.abs)));
      pass.checkFinite("w");
    }
  });
}

Deno.test("a pass finds the greatest magnitude wherever it stands", () => {
  for (let at = 0; at < 6; at++) {
    using pass = new WeightPass({ rows: 1, columns: 6 });
    show(pass, new Float32Array(6).fill(1).with(at, -3), 6);
    assert.equal(pass.greatest, 3);
  }
});

Deno.test("a pass names the first number that is not finite, and where in the matrix it stands", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    using pass = new WeightPass({ rows: 2, columns: 6 });
    show(pass, new Float32Array(12).with(7, value).with(9, NaN), 5);
    assert(!Number.isFinite(pass.greatest));
    const message = new RegExp(`w holds ${value} at position 7, expected finite numbers`);
    assert.throws(() => pass.checkFinite("w"), inputError(message));
  }
});

Deno.test("passes that are under way at one time do not disturb each other", () => {
  const [vector] = VECTORS as [Float64Array];
  using one = new WeightPass({ rows: ROWS, columns: COLUMNS, vectors: [vector] });
  show(one, MATRIX.subarray(0, 20), 20);
  {
    using other = new WeightPass({ rows: 1, columns: 9, vectors: [new Float64Array(9).fill(1)] });
    show(other, new Float32Array(9).fill(2), 9);
    assert.deepEqual(other.products, [Float64Array.of(18)]);
  }
  show(one, MATRIX.subarray(20), 20);
  assert.deepEqual(one.products, [products(MATRIX, vector)]);
});
