import assert from "node:assert/strict";
import { biasOfChosen } from "../../../bench/worlds/chosen.ts";
import { coverageOfDerived } from "../../../bench/worlds/coverage.ts";
import { coverageNearOne } from "../../../bench/worlds/near_one.ts";
import { nullSentences } from "../../../bench/worlds/null_sentences.ts";

const log = () => {};

Deno.test("the tables of derived numbers have a row of each", () => {
  const [{ columns, rows }, excess] = coverageOfDerived({
    draws: 1,
    columns: 1,
    truthPersons: 300,
    log,
  });
  assert.deepEqual(excess.rows.map(([number]) => number), rows.map(([number]) => number));
  assert(excess.rows.every(([, cell]) => cell === "–" || Math.abs(Number(cell)) < 0.5));
  assert.deepEqual(columns, ["number", "20 persons"]);
  assert.equal(rows.length, 21);
  const cells = new Map(rows.map(([number, cell]) => [number!, cell!]));
  assert.match(cells.get("own slots' mean")!, / % of 3$/); // three layers
  assert.match(cells.get("the same of one relation")!, / % of 12$/);
  assert.match(cells.get("change between thirds of layers")!, / % of 2$/);
  assert.match(cells.get("two runs: slots, mean")!, / % of 2$/); // two laws
});

Deno.test("each feature near 1 has a row with its AUROC, and the table is the same again", () => {
  const draw = () => coverageNearOne({ draws: 1, truthPersons: 300 });
  const { rows } = draw();
  assert.equal(rows.length, 24);
  assert.deepEqual(draw().rows, rows);
  assert(rows.every(([, truth]) => Number(truth) > 0.93 && Number(truth) <= 1));
});

Deno.test("what is said where nothing is there is counted of as often as it could be", () => {
  const { rows } = nullSentences({ draws: 1, kinds: 1, log });
  const cells = new Map(rows.map(([sentence, cell]) => [sentence!, cell!]));
  assert.match(cells.get("a relation emerges at some layer")!, / % of 4$/);
  assert.match(cells.get("one of the relations does")!, / % of 1$/);
  assert.match(cells.get("two features tell more than one")!, / % of 6$/);
});

Deno.test("what was chosen among equals is compared with the truth of one of them", () => {
  const { columns, rows } = biasOfChosen({ draws: 1, kinds: 1, truthPersons: 300 });
  for (const row of rows) assert.equal(row.length, columns.length);
  assert.match(rows.find(([number]) => number!.endsWith("other half"))![2]!, / % of 4$/);
});
