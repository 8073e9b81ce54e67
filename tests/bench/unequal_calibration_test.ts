import assert from "node:assert/strict";
import { unequalCalibration } from "../../bench/unequal_calibration.ts";
import { unequalLabels } from "../../bench/unequal_labels.ts";
import { unequalLists } from "../../bench/unequal_lists.ts";

/** The row of an asking, as numbers. */
function cells(rows: readonly (readonly string[])[], asking: string): number[] {
  const row = rows.find(([name]) => name === asking);
  assert(row !== undefined, asking);
  return row.slice(1).flatMap((cell) => cell.split(", ").map(parseFloat));
}

Deno.test("p of features that know nothing is tiny where persons are asked unequally, within and among them", () => {
  const { rows, columns } = unequalCalibration({ features: 200, runs: 1 });
  assert(rows.every((row) => row.length === columns.length));
  const tiny = (asking: string) => cells(rows, asking)[1]!; // % of features active in 1 % at 1e-6
  for (const equal of ["120 (1, 1)", "120 (1, 1 × 5)", "120 (2, 0); 120 (0, 2)"]) {
    assert.equal(tiny(equal), 0);
  }
  for (const unequal of ["120 (2, 1)", "120 (2, 1 × 5)", "120 (2, 0); 120 (0, 1)"]) {
    assert(tiny(unequal) > 1);
  }
});

Deno.test("runs of features that know nothing pass permuted labels where persons are asked unequally", () => {
  const { rows, columns } = unequalLabels({ runs: 10 });
  assert(rows.every((row) => row.length === columns.length));
  const [rare] = cells(rows, "40 (2, 1); 400 (2, 0)");
  const [, dense] = cells(rows, "20 (10, 0); 200 (0, 1)");
  assert(rare! >= 4 && dense! >= 8, `${rare}, ${dense}`);
  assert(cells(rows, "40 (1, 1); 400 (1, 0)").every((passing) => passing <= 2));
});

Deno.test("lists are not what permuted names make of them where persons are asked unequally", () => {
  const { rows, columns } = unequalLists({ runs: 10 });
  assert(rows.every((row) => row.length === columns.length));
  const [shared, permuted, fewer] = cells(rows, "200 (10, 0); 20 (0, 1)");
  assert(fewer! >= 5 && shared! < permuted! - 3);
  const [same, alike] = cells(rows, "120 (1, 1)");
  assert(Math.abs(same! - alike!) < 1.5);
});
