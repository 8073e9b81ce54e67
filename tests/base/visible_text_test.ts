import assert from "node:assert/strict";
import { visibleText } from "../../lib/base/visible_text.ts";

const SHOWN: readonly [what: string, text: string, shown: string][] = [
  ["a line end", "a\nerror: b", "a\\nerror: b"],
  ["a tab and a return", "a\tb\rc", "a\\tb\\rc"],
  ["an escape sequence", "\x1b[31mred\x9b0m", "\\u001b[31mred\\u009b0m"],
  ["marks of direction", "a\u202eb\u2066c\u200fd\u061ce", "a\\u202eb\\u2066c\\u200fd\\u061ce"],
  ["line separators", "a\u2028b\u2029c\x85d", "a\\u2028b\\u2029c\\u0085d"],
  ["what has no width", "a\u200bb\u2060c\ufeffd\u00ade", "a\\u200bb\\u2060c\\ufeffd\\u00ade"],
  ["joiners between Latin letters", "a\u200db\u200cc", "a\\u200db\\u200cc"],
  ["fillers and selectors", "\u3164a\ufe0f1\ufe0fb\u{e0101}", "\\u3164a\\ufe0f1\\ufe0fb\\u{e0101}"],
  ["tags", "a\u{e0041}\u{e007f}", "a\\u{e0041}\\u{e007f}"],
  ["half a character", "a\ud83db", "a\\ud83db"],
  ["a backslash, which deceives nobody", "new\\back", "new\\back"],
];

for (const [what, text, shown] of SHOWN) {
  Deno.test(`visibleText() shows ${what}`, () => assert.equal(visibleText(text), shown));
}

Deno.test("visibleText() leaves the words of all scripts as they are", () => {
  for (
    const word of [
      "Größe_née Ελλάδα Москва",
      "出生日期 生年月日 생년월일",
      "जन्म तिथि क्\u200dष",
      "می\u200cخواهم تاريخ الميلاد \u0602",
      "תאריך לידה",
      "วันเกิด ქართული አማርኛ",
      "🐢 👩\u200d👩\u200d👧 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
      "e\u0301 \u00a0 – “x” №",
    ]
  ) assert.equal(visibleText(word), word);
});

Deno.test("visibleText() keeps line ends where it is told to, and nothing else", () => {
  assert.equal(visibleText("a\nb\r\x1bc", { keepsLines: true }), "a\nb\\r\\u001bc");
});

Deno.test("visibleText() takes twice as long for twice the text", () => {
  const milliseconds = (length: number) => {
    const text = "\u200d👩\u0915\u200d".repeat(length);
    const start = performance.now();
    visibleText(text);
    return performance.now() - start;
  };
  milliseconds(1000);
  assert(milliseconds(80_000) < 16 * Math.max(5, milliseconds(10_000)) * 2); // 64-fold if quadratic
});
