import assert from "node:assert/strict";
import { UsageError } from "../lib/errors.ts";
import { listRelations, makeRelation, pickRelations } from "../lib/relations.ts";
import { inputError } from "./support/input_errors.ts";

/** The six relations of the reference, as its question file names them. */
const NAMES = ["birth_date", "birth_city", "university", "major", "employer", "company_city"];
const RELATIONS = NAMES.map((name, index) => makeRelation(index, name));

Deno.test("makeRelation() makes a label of the key", () => {
  assert.deepEqual(makeRelation(0, "birth_date"), {
    index: 0,
    key: "birth_date",
    label: "Birth Date",
  });
});

Deno.test("makeRelation() renames company_city to work_city", () => {
  assert.deepEqual(makeRelation(5, "company_city"), {
    index: 5,
    key: "work_city",
    label: "Work City",
  });
});

Deno.test("makeRelation() names a relation without a name by its number", () => {
  assert.deepEqual(makeRelation(7), { index: 7, key: "relation_7", label: "Relation 7" });
});

Deno.test("makeRelation() makes a label of any name", () => {
  assert.equal(makeRelation(0, "__born  in_").label, "Born In");
  assert.equal(makeRelation(0, "née").label, "Née");
});

Deno.test("makeRelation() does not take a name for a property of all objects", () => {
  assert.equal(makeRelation(0, "constructor").key, "constructor");
});

Deno.test("pickRelations() picks all if there is no list", () => {
  assert.deepEqual(pickRelations(RELATIONS), RELATIONS);
});

const PICKS: readonly [wanted: (string | number)[], indices: number[]][] = [
  [["birth_city"], [1]],
  [["company_city"], [5]], // as the question files call it
  [[3], [3]],
  [["work_city", "birth_date"], [0, 5]],
  [[5, "birth_date", 4, 5], [0, 4, 5]],
];

for (const [wanted, indices] of PICKS) {
  Deno.test(`pickRelations() picks ${wanted} in the order of the numbers, each once`, () => {
    assert.deepEqual(pickRelations(RELATIONS, wanted).map(({ index }) => index), indices);
  });
}

for (const item of [6, "nowhere", "3", -1, 1.5, "Birth_Date", ""]) {
  Deno.test(`pickRelations() refuses ${JSON.stringify(item)} and lists those there are`, () => {
    assert.throws(() => pickRelations(RELATIONS, [0, item]), (error) => {
      assert(error instanceof UsageError);
      return inputError(
        `--relations: there is no relation ${item}; there are 0 birth_date, 1 birth_city, ` +
          "2 university, 3 major, 4 employer, 5 work_city",
      )(error);
    });
  });
}

Deno.test("listRelations() lists the relations of a question file in their order", () => {
  const names = new Map([[1, "birth_city"], [0, "birth_date"]]);
  assert.deepEqual(listRelations(names).map(({ key }) => key), ["birth_date", "birth_city"]);
});

Deno.test("listRelations() fills the gaps between the numbers", () => {
  const names = new Map([[2, "university"], [0, undefined]]);
  assert.deepEqual(
    listRelations(names).map(({ key }) => key),
    ["relation_0", "relation_1", "university"],
  );
});

Deno.test("listRelations() lists one relation for each slot of the SAEs", () => {
  const names = new Map([[0, "birth_date"], [1, "birth_city"]]);
  assert.deepEqual(listRelations(names, 1).map(({ key }) => key), ["birth_date"]);
  assert.deepEqual(
    listRelations(names, 3).map(({ key }) => key),
    ["birth_date", "birth_city", "relation_2"],
  );
});

Deno.test("listRelations() lists nothing for no names", () => {
  assert.deepEqual(listRelations(new Map()), []);
});

Deno.test("listRelations() refuses one key for two relations", () => {
  const names = new Map([[1, "work_city"], [2, "company_city"]]);
  assert.throws(
    () => listRelations(names),
    inputError("Relations 1 and 2 of the questions are both named work_city"),
  );
});
