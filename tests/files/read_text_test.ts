import assert from "node:assert/strict";
import { readText } from "../../lib/files/read_text.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("readText() reads UTF-8 and drops a byte-order mark", async () => {
  using directory = new TemporaryDirectory();
  assert.equal(await readText(directory.write("text", "\ufeffżółw 🐢\n")), "żółw 🐢\n");
});

Deno.test("readText() refuses what is no UTF-8", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("latin1", Uint8Array.of(0xe9));
  await assert.rejects(readText(path), inputErrorNaming(path, "is no UTF-8 text"));
});

Deno.test("readText() reads as many bytes as it is told, and no more", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("five", "abcde");
  assert.equal(await readText(path, 5), "abcde");
  await assert.rejects(
    readText(path, 4),
    inputErrorNaming(path, "has 5 bytes, expected at most 4"),
  );
});

for (
  const [what, text, problem] of [
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 665\n",
      "is a Git LFS pointer",
    ],
    ["a web page", "<!DOCTYPE html>\n<html><head>", "is a web page (HTML)"],
    ["an empty file", "", "is empty"],
  ] as const
) {
  Deno.test(`readText() refuses ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("config.json", text);
    await assert.rejects(readText(path), inputErrorNaming(path, problem));
  });
}

Deno.test("readText() names the download of what is missing", async () => {
  using directory = new TemporaryDirectory();
  const unfinished = directory.write("config.json.part", "{");
  await assert.rejects(
    readText(`${directory.path}/config.json`),
    inputErrorNaming(unfinished, "has not come to its end"),
  );
});
