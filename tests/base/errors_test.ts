import assert from "node:assert/strict";
import { InputError, messageOf } from "../../lib/base/errors.ts";

Deno.test("InputError is one line, whatever characters a name has", () => {
  const name = "a\n\tb\u2028c\u2029d\x1b[31me\r\nf";
  assert.equal(new InputError(`${name} is wrong`).message, "a b c d [31me f is wrong");
});

Deno.test("InputError keeps the beginning and the end of a message of any length", () => {
  const { message } = new InputError(`file.json: ${"x".repeat(1e6)}; do this`);
  assert(message.length <= 2000);
  assert(message.startsWith("file.json: xxx") && message.endsWith("xxx; do this"));
});

Deno.test("InputError does not cut a character in half", () => {
  for (const shift of ["", "x"]) {
    const { message } = new InputError(shift + "🐢".repeat(2000) + shift);
    assert(message.isWellFormed());
  }
});

// The expression that finds line ends looks at a run of spaces from each of them on.
Deno.test("InputError and messageOf() are not kept busy by a million spaces", () => {
  const spaces = " ".repeat(1e6);
  assert(new InputError(`a${spaces}b`).message.length <= 2000);
  assert(messageOf(new Error(`a${spaces}b`)).length <= 2000);
});

Deno.test("messageOf() makes one line of whatever was thrown", () => {
  assert.equal(messageOf(new Error(" a\n  b ")), "a b");
  assert.equal(messageOf("text"), "text");
  assert.equal(messageOf(undefined), "undefined");
});
