import assert from "node:assert/strict";
import { ScratchFile } from "../../lib/files/scratch_file.ts";
import { removeUnfinished } from "../../lib/files/unfinished.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

Deno.test("ScratchFile gives back what was written, wherever and in whatever order", () => {
  using directory = new TemporaryDirectory();
  using file = ScratchFile.create(directory.path);
  file.write(3, Float32Array.of(4, 5));
  file.write(0, Float32Array.of(1, 2, 3));
  assert.deepEqual(file.read(1, 4), Float32Array.of(2, 3, 4, 5));
});

Deno.test("ScratchFile is gone once it is closed", () => {
  using directory = new TemporaryDirectory();
  {
    using file = ScratchFile.create(directory.path);
    file.write(0, Float32Array.of(1));
    assert.equal(openScratchFiles(directory.path) ?? 1, 1);
  }
  assert.equal(openScratchFiles(directory.path) ?? 0, 0);
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test({
  name: "ScratchFile has no name that a process could leave behind, however it ends",
  ignore: Deno.build.os === "windows", // an open file keeps its name there
  fn: () => {
    using directory = new TemporaryDirectory();
    using file = ScratchFile.create(directory.path);
    assert.deepEqual([...Deno.readDirSync(directory.path)], []);
    file.write(0, Float32Array.of(7));
    assert.deepEqual(file.read(0, 1), Float32Array.of(7));
  },
});

Deno.test("ScratchFile is removed when the process is interrupted", () => {
  using directory = new TemporaryDirectory();
  using _file = ScratchFile.create(directory.path);
  removeUnfinished();
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("ScratchFile says which file cannot be made or read", () => {
  using directory = new TemporaryDirectory();
  const nowhere = `${directory.path}/none`;
  assert.throws(() => ScratchFile.create(nowhere), inputErrorNaming(nowhere, "cannot be made"));
  using file = ScratchFile.create(directory.path);
  assert.throws(() => file.read(0, 1), inputErrorNaming(directory.path, "ends too early"));
});
