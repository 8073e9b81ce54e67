import assert from "node:assert/strict";
import { markdownOf } from "../../lib/verdict/markdown.ts";

const PAGE = (name: string) => [{
  heading: "H",
  sentences: [`**Length** tells ${name} apart.`, "- one", "- two"],
  tables: [{ caption: "C", head: ["relation", name], rows: [[name, "1"]] }],
}];

Deno.test("names from files are text on the page, whatever they hold", () => {
  const name = "*a*|<b>\n# _c_ d_e";
  const text = markdownOf("T", PAGE(name), [name]);
  const plain = "\\*a\\*|\\<b\\>\\\\n# \\_c\\_ d_e";
  assert(text.includes(`**Length** tells ${plain} apart.`), text);
  assert(text.includes(`| ${plain.replace("|", "\\|")} | 1 |`), text);
  assert.equal(text.split("\n").filter((line) => line.startsWith("# ")).length, 1);
});

Deno.test("names without signs, and signs that are no names, stay as they are", () => {
  const text = markdownOf("T", PAGE("birth_city"), ["birth_city", "*"]);
  assert(text.includes("**Length** tells birth_city apart."));
  assert(text.includes("- one\n- two\n"));
});
