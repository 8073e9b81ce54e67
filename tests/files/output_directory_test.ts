import assert from "node:assert/strict";
import { prepareDirectory } from "../../lib/files/output_directory.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

Deno.test("prepareDirectory() makes a directory with those above it, empty", async () => {
  using directory = new TemporaryDirectory();
  const made = await prepareDirectory(`${directory.path}/a/b`);
  assert.deepEqual(namesIn(`${directory.path}/a/b`), []);
  made[Symbol.dispose]();
});

Deno.test("prepareDirectory() accepts a directory with files in it", async () => {
  using directory = new TemporaryDirectory();
  directory.write("old", "");
  await prepareDirectory(directory.path);
  assert.deepEqual(namesIn(directory.path), ["old"]);
});

Deno.test("prepareDirectory() says that a file is in the way", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.write("file", "");
  for (const path of [file, `${file}/results`]) {
    await assert.rejects(
      prepareDirectory(path),
      inputErrorNaming(path, "a part of the path is a file; choose another with --output_dir"),
    );
  }
});

Deno.test("prepareDirectory() says which link leads nowhere", async () => {
  using directory = new TemporaryDirectory();
  const [link, loop] = [`${directory.path}/link`, `${directory.path}/loop`];
  Deno.symlinkSync(`${directory.path}/missing`, link);
  Deno.symlinkSync(loop, loop);
  for (
    const [path, broken] of [[link, link], [`${link}/`, link], [`${link}/a/b`, link], [loop, loop]]
  ) {
    await assert.rejects(
      prepareDirectory(path!),
      inputErrorNaming(
        `${path} cannot`,
        `: ${broken} is a link that leads nowhere; choose another`,
      ),
    );
  }
});

Deno.test("prepareDirectory() goes through a link to a directory, and says that a link to a file is in the way", async () => {
  using directory = new TemporaryDirectory();
  const [link, other] = [`${directory.path}/link`, `${directory.path}/other`];
  directory.write("results/old", "");
  Deno.symlinkSync(`${directory.path}/results`, link);
  Deno.symlinkSync(`${directory.path}/results/old`, other);
  await prepareDirectory(`${link}/a`);
  assert.deepEqual(namesIn(`${directory.path}/results`), ["a", "old"]);
  await assert.rejects(
    prepareDirectory(other),
    inputErrorNaming(other, "a part of the path is a file"),
  );
});

Deno.test({
  name: "prepareDirectory() says that it may not write, for a directory that is there",
  permissions: { read: true, write: false },
  fn: async () => {
    await assert.rejects(
      prepareDirectory("tests"),
      inputErrorNaming("tests", "this run has no permission to write there"),
    );
  },
});

Deno.test("prepareDirectory() takes back the directories that it made and nothing was written to", async () => {
  using directory = new TemporaryDirectory();
  {
    using _made = await prepareDirectory(`${directory.path}/a/b/c/`);
  }
  assert.deepEqual(namesIn(directory.path), []);
  {
    using _made = await prepareDirectory(`${directory.path}/a/b/c`);
    directory.write("a/result", "kept");
  }
  assert.deepEqual(namesIn(`${directory.path}/a`), ["result"]);
});

Deno.test("prepareDirectory() takes back no directory that was there", async () => {
  using directory = new TemporaryDirectory();
  Deno.mkdirSync(`${directory.path}/old`);
  Deno.symlinkSync(`${directory.path}/old`, `${directory.path}/link`);
  for (const path of ["old", "link", "link/"]) {
    using _made = await prepareDirectory(`${directory.path}/${path}`);
  }
  assert.deepEqual(namesIn(directory.path), ["link", "old"]);
});

Deno.test("prepareDirectory() makes nothing where it fails", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a/${"b".repeat(300)}/c`; // no name may be so long
  await assert.rejects(prepareDirectory(path), inputErrorNaming(path, "cannot be written to"));
  assert.deepEqual(namesIn(directory.path), []);
});
