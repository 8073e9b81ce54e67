import assert from "node:assert/strict";
import { rowNames, slotNames, slotNamesOfAll } from "../../lib/pictures/relation_names.ts";
import { layerRecord } from "../support/layer_results.ts";

const relation = (index: number, label: string) => ({ index, key: label, label, questions: 2 });

Deno.test("rowNames() are the labels", () => {
  assert.deepEqual(rowNames([relation(0, "Birth Date"), relation(1, "出生城市")]), [
    "Birth Date",
    "出生城市",
  ]);
});

Deno.test("rowNames() begin with the number where a font lacks letters, so that none look alike", () => {
  assert.deepEqual(rowNames([relation(3, "🏢"), relation(4, "🎓"), relation(5, " ")]), [
    "3 🏢",
    "4 🎓",
    "5  ",
  ]);
});

Deno.test("rowNames() begin with the number where long names begin alike, as they are cut off", () => {
  const long = "the city in which the company of the ";
  const names = [`${long}person is`, "Major", `${long}other one is`];
  assert.deepEqual(rowNames(names.map((label, i) => relation(i, label))), [
    `0 ${names[0]}`,
    "Major",
    `2 ${names[2]}`,
  ]);
});

Deno.test("slotNames() know the relations of all slots, also of those left out", () => {
  const record = layerRecord({
    slotCount: 4,
    relations: [relation(2, "Major")],
    relations_left_out: [{ index: 0, key: "birth_date", label: "Birth Date" }],
  });
  assert.deepEqual(slotNames(record), ["Birth Date", undefined, "Major", undefined]);
});

Deno.test("slotNamesOfAll() are those of the layers that have slots", () => {
  const traditional = layerRecord({ sae: "traditional", freeCount: 5, slotCount: 0 });
  assert.deepEqual(slotNamesOfAll([traditional, layerRecord()]), ["Birth Date", "Birth City"]);
  assert.deepEqual(slotNamesOfAll([traditional]), []);
});
