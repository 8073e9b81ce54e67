import assert from "node:assert/strict";
import { inDirectory } from "../../tools/make_directory.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const failing = () => Promise.reject(new Error("no"));

Deno.test("inDirectory() makes a directory with those above it for what is done there", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a/b`;
  assert.equal(
    await inDirectory(path, () => Promise.resolve(Deno.statSync(path).isDirectory)),
    true,
  );
  assert(Deno.statSync(path).isDirectory);
});

Deno.test("inDirectory() leaves no empty directories of its own where the work fails", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(inDirectory(`${directory.path}/a/b`, failing), /no/);
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("inDirectory() leaves directories that were there, and what is in others", async () => {
  using directory = new TemporaryDirectory();
  Deno.mkdirSync(`${directory.path}/old`);
  await assert.rejects(inDirectory(`${directory.path}/old`, failing), /no/);
  await assert.rejects(
    inDirectory(`${directory.path}/new`, () => {
      directory.write("new/file", "kept");
      return failing();
    }),
    /no/,
  );
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(), [
    "new",
    "old",
  ]);
});
