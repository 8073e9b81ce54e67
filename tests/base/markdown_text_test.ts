import assert from "node:assert/strict";
import { markdownText } from "../../lib/base/markdown_text.ts";

Deno.test("a text from a file is read on a page of Markdown as it stands in the file", () => {
  assert.equal(
    markdownText("*a* <b>b</b> [c](d) `e`"),
    "\\*a\\* \\<b\\>b\\</b\\> \\[c\\](d) \\`e\\`",
  );
  assert.equal(markdownText("__proto__ birth_city"), "\\_\\_proto\\_\\_ birth_city");
  assert.equal(markdownText("a\nb"), "a\\\\nb");
});
