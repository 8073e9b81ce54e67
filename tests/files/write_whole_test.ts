import assert from "node:assert/strict";
import { reasonOf } from "../../lib/files/write_reason.ts";
import { removeFile, writeJson, writeWhole } from "../../lib/files/write_whole.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

Deno.test("writeWhole() writes text as UTF-8, and bytes as they are", async () => {
  using directory = new TemporaryDirectory();
  await writeWhole(`${directory.path}/text`, "żółw\n");
  await writeWhole(`${directory.path}/bytes`, Uint8Array.of(0, 255));
  await writeWhole(`${directory.path}/empty`, "");
  assert.equal(Deno.readTextFileSync(`${directory.path}/text`), "żółw\n");
  assert.deepEqual(Deno.readFileSync(`${directory.path}/bytes`), Uint8Array.of(0, 255));
  assert.equal(Deno.statSync(`${directory.path}/empty`).size, 0);
});

Deno.test("writeWhole() replaces a file and leaves nothing beside it", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("result.json", "a longer text than the new one");
  await writeWhole(path, "new");
  assert.equal(Deno.readTextFileSync(path), "new");
  assert.deepEqual(namesIn(directory.path), ["result.json"]);
});

Deno.test("writeWhole() leaves the old file whole for whoever is reading it", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("result.json", "old");
  using reader = Deno.openSync(path);
  await writeWhole(path, "new");
  const bytes = new Uint8Array(8);
  const count = reader.readSync(bytes)!;
  assert.equal(new TextDecoder().decode(bytes.subarray(0, count)), "old");
});

Deno.test("writeWhole() removes its temporary file when it fails", async () => {
  using directory = new TemporaryDirectory();
  directory.write("taken/file", "old"); // a directory cannot be replaced by a file
  const path = `${directory.path}/taken`;
  await assert.rejects(writeWhole(path, "new"), inputErrorNaming(path, "cannot be written"));
  assert.deepEqual(namesIn(directory.path), ["taken"]);
  assert.equal(Deno.readTextFileSync(`${path}/file`), "old");
});

Deno.test("writeWhole() says that a directory is missing or a file", async () => {
  using directory = new TemporaryDirectory();
  const missing = `${directory.path}/none/result.json`;
  await assert.rejects(
    writeWhole(missing, ""),
    inputErrorNaming(missing, "No such file or directory"),
  );
  const below = `${directory.write("file", "")}/result.json`;
  await assert.rejects(
    writeWhole(below, ""),
    inputErrorNaming(below, "a part of the path is a file"),
  );
});

Deno.test({
  name: "writeWhole() says that it may not write",
  permissions: { write: false },
  fn: async () => {
    await assert.rejects(
      writeWhole("result.json", ""),
      inputErrorNaming("result.json", "this run has no permission to write there"),
    );
  },
});

Deno.test("writeJson() writes two spaces deep, with a line end", async () => {
  using directory = new TemporaryDirectory();
  await writeJson(`${directory.path}/result.json`, { a: [1] });
  assert.equal(
    Deno.readTextFileSync(`${directory.path}/result.json`),
    '{\n  "a": [\n    1\n  ]\n}\n',
  );
});

Deno.test("reasonOf() tells the system's own files from a run without permission", () => {
  const all = 'Requires all access to "/proc/x", run again with the --allow-all flag';
  const write = 'Requires write access to "/x", run again with the --allow-write flag';
  assert.equal(reasonOf(new Deno.errors.NotCapable(all)), "it belongs to the operating system");
  assert.match(reasonOf(new Deno.errors.NotCapable(write)), /^this run has no permission/);
});

Deno.test("removeFile() says whether the file was there", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/file`;
  Deno.writeTextFileSync(path, "");
  const both = await Promise.all([removeFile(path), removeFile(path)]);
  assert.deepEqual(both.toSorted(), [false, true]);
});
