import assert from "node:assert/strict";
import { UsageError } from "../../lib/base/errors.ts";
import { listRelations, makeRelation, pickRelations } from "../../lib/questions/relations.ts";
import { inputError } from "../support/input_errors.ts";

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
    inputError(
      "Relations 1 and 2 of the questions are both named work_city (work_city, company_city)",
    ),
  );
});

Deno.test("listRelations() refuses a name that stands for a relation without one", () => {
  assert.throws(
    () => listRelations(new Map([[0, "relation_1"], [1, undefined]])),
    inputError("Relations 0 and 1 of the questions are both named relation_1"),
  );
});

Deno.test("listRelations() puts the number into labels that look alike", () => {
  const names = ["birth_date", "birth date", "née", "ne\u0301e", "ab", "a\u00adb"];
  const relations = listRelations(new Map(names.map((name, i) => [i, name])));
  assert.deepEqual(relations.map(({ key }) => key), names);
  assert.deepEqual(relations.map(({ label }) => label), [
    "Birth Date (0)",
    "Birth Date (1)",
    "Née (2)",
    "Ne\u0301e (3)",
    "Ab",
    "A\\u00adb",
  ]);
});

Deno.test("makeRelation() leaves no label empty, and no character in half", () => {
  assert.equal(makeRelation(0, "__").label, "__");
  assert.equal(makeRelation(0, "\u{10428}_x").label, "\u{10400} X");
});

/** Names that are numbers of other relations, in another order. */
const NUMBERS = ["3", "2", "1", "2-3"].map((name, index) => makeRelation(index, name));

Deno.test("pickRelations() takes a text for a name, whatever numbers there are", () => {
  assert.deepEqual(pickRelations(NUMBERS, ["1", "3"]).map(({ index }) => index), [0, 2]);
});

Deno.test("pickRelations() takes a number that no relation has for a name", () => {
  assert.deepEqual(pickRelations(NUMBERS.slice(0, 3), [3]).map(({ index }) => index), [0]);
});

Deno.test("pickRelations() refuses a number that is the name of another relation", () => {
  assert.throws(
    () => pickRelations(NUMBERS, [1]),
    inputError(
      "--relations: 1 is the number of one relation (key 2) and the key of another (number 2); " +
        "write name=2 or name=1",
    ),
  );
  const same = [makeRelation(0, "zero"), makeRelation(1, "1")];
  assert.deepEqual(pickRelations(same, [1]), [same[1]]);
});

Deno.test("pickRelations() refuses a range that is the name of a relation", () => {
  const relations = ["a", "b", "c", "1-2"].map((name, index) => makeRelation(index, name));
  assert.throws(
    () => pickRelations(relations, [0, 1, 2]),
    inputError(
      "--relations: 1-2 is a range of numbers and the name of a relation; write name=1-2, or the " +
        "names of the others",
    ),
  );
  assert.deepEqual(pickRelations(relations, ["1-2", 1]).map(({ index }) => index), [1, 3]);
});

Deno.test("listRelations() gives no number AlignSAE's name that the file gives to another", () => {
  const names = ["birth_date", "birth_city", "university", "major", "employer", "company_city"];
  const fromOne = new Map(names.map((name, i) => [i + 1, name]));
  const keys = listRelations(fromOne, 7).map(({ key }) => key);
  assert.deepEqual(keys.slice(0, 3), ["relation_0", "birth_date", "birth_city"]);
  const withoutSix = new Map([...fromOne].slice(0, 5));
  const [first, ...others] = listRelations(withoutSix, 6).map(({ key }) => key);
  assert.deepEqual([first, ...others], ["relation_0", ...names.slice(0, 5)]);
});
