import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import { lowercase, normalForm, SPACES } from "../../../lib/lm/tokenizer/unicode.ts";

/**
 * How many characters a class has for Oniguruma in tokenizers 0.23.3, by its own count, and of how
 * many ranges they are. If V8's become others, the tokenizer needs tables of its own.
 */
const CLASSES: Record<string, [characters: number, ranges: number]> = {
  L: [141028, 677],
  N: [1911, 144],
  M: [2501, 321],
  P: [855, 198],
  S: [8514, 236],
  Lu: [1858, 651],
  Ll: [2258, 662],
  Lt: [31, 10],
  Lm: [404, 75],
  Lo: [136477, 528],
};

for (const [name, expected] of Object.entries(CLASSES)) {
  Deno.test(`\\p{${name}} is to V8 what it is to Oniguruma`, () => {
    const members = new RegExp(`^\\p{${name}}$`, "u");
    let [characters, ranges, inside] = [0, 0, false];
    for (let code = 1; code < 0x110000; code++) {
      const isMember = members.test(String.fromCodePoint(code));
      if (isMember) characters++;
      if (isMember && !inside) ranges++;
      inside = isMember;
    }
    assert.deepEqual([characters, ranges], expected);
  });
}

Deno.test("white space is Unicode's, not JavaScript's", () => {
  const space = new RegExp(`^[${SPACES}]$`, "u");
  const unicode = /^\p{White_Space}$/u;
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code);
    assert.equal(space.test(character), unicode.test(character), code.toString(16));
  }
  assert.equal(space.test("\ufeff"), false);
  assert.equal(space.test("\x85"), true);
});

Deno.test("lowercase() knows no final sigma, and capitals of Unicode 17", () => {
  assert.equal(lowercase("ΑΣ ΟΔΟΣ. İ"), "ας οδος. i\u0307".replaceAll("ς", "σ"));
  assert.equal(lowercase("\u{16ea0}\ua7ce"), "\u{16ebb}\ua7cf");
});

Deno.test("normalForm() leaves alone what the library does not know", () => {
  assert.equal(normalForm("NFC", "e\u0301"), "é");
  assert.equal(normalForm("NFC", "\u{105d2}\u0307"), "\u{105d2}\u0307");
  assert.equal(normalForm("NFKC", "\u32ff"), "\u32ff");
  assert.equal(normalForm("NFD", "a\u0301\u0323"), "a\u0323\u0301");
  assert.equal(normalForm("NFD", "a\u0301\u0898"), "a\u0301\u0898");
});

Deno.test("normalForm() refuses marks that would take V8 minutes to sort", () => {
  const marks = "\u0301\u0323".repeat(500);
  assert.equal(normalForm("NFC", `b${marks}`).length, 1000); // the first one below is part of b
  assert.throws(() => normalForm("NFC", `b${marks}\u0301`), InputError);
});
