import assert from "node:assert/strict";
import { declaredDelimiter, delimiterOf, parseCsv } from "../../lib/questions/csv.ts";
import { inputError } from "../support/input_errors.ts";

const rows = (text: string, delimiter = ",") =>
  [...parseCsv(text, delimiter, "a.csv")].map(({ line, cells }) => [line, ...cells]);

Deno.test("parseCsv() reads cells in quotation marks with delimiters, line ends and quotation marks", () => {
  assert.deepEqual(rows('a,"b,c",""\r\n"x\r\ny","say ""no""",z\r\nlast,,\r\n'), [
    [1, "a", "b,c", ""],
    [2, "x\r\ny", 'say "no"', "z"],
    [4, "last", "", ""],
  ]);
});

Deno.test("parseCsv() counts lines as an editor does, whatever ends them, blank ones included", () => {
  assert.deepEqual(rows('a\n\n"b\n"\rc\r\n\r\nd'), [[1, "a"], [3, "b\n"], [5, "c"], [7, "d"]]);
});

Deno.test("parseCsv() keeps spaces, and quotation marks within a cell without them", () => {
  assert.deepEqual(rows('  a , b "c" d;e\t'), [[1, "  a ", ' b "c" d;e\t']]);
  assert.deepEqual(rows('""\n'), [[1, ""]]);
});

Deno.test("parseCsv() names the line of a quotation mark that is not closed, or closed too early", () => {
  assert.throws(() => rows('a\n"b\nc'), inputError(/^a\.csv:2: a quotation mark is opened/));
  assert.throws(() => rows('a\n"b"c\n'), inputError(/^a\.csv:2: text follows a closing/));
});

Deno.test("delimiterOf() looks at the header alone, outside of quotation marks", () => {
  assert.equal(delimiterOf("a;b\n1,2,3,4"), ";");
  assert.equal(delimiterOf('"a;b;c",d'), ",");
  assert.equal(delimiterOf("a\tb"), "\t");
  assert.equal(delimiterOf("alone"), ",");
});

Deno.test("delimiterOf() prefers what is usual, unless the header shows another one alone", () => {
  assert.equal(delimiterOf("a, b, c\td", "\t"), "\t");
  assert.equal(delimiterOf("alone", "\t"), "\t");
  assert.equal(delimiterOf("a;b", "\t"), ";");
});

Deno.test("declaredDelimiter() reads a first line for spreadsheets, and no other", () => {
  assert.equal(declaredDelimiter("sep=;\r\na;b"), ";");
  assert.equal(declaredDelimiter("SEP=\t\na"), "\t");
  assert.equal(declaredDelimiter("sep=ab\n"), undefined);
  assert.equal(declaredDelimiter("a\nsep=;\n"), undefined);
});
