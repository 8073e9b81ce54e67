import assert from "node:assert/strict";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { findModelDirectory } from "../../lib/lm/model_directory.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { inputError, inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const [OLD, NEW] = [
  "1111111111111111111111111111111111111111",
  "2222222222222222222222222222222222222222",
];

/** Writes a model's cache with these snapshots, and returns its root. */
function writeCache(
  directory: TemporaryDirectory,
  snapshots: readonly string[],
  main?: string,
): string {
  const root = `${directory.path}/hub/models--org--name`;
  Deno.mkdirSync(`${root}/snapshots`, { recursive: true });
  for (const name of snapshots) {
    directory.write(`hub/models--org--name/snapshots/${name}/config.json`, "{}");
  }
  if (main !== undefined) directory.write("hub/models--org--name/refs/main", `${main}\n`);
  return root;
}

Deno.test("findModelDirectory() takes a directory that holds a model as it is", async () => {
  using directory = new TemporaryDirectory();
  directory.write("config.json", "{}");
  assert.deepEqual(await findModelDirectory(directory.path), { path: directory.path });
});

Deno.test("findModelDirectory() follows a cache to its only snapshot, and says so", async () => {
  using directory = new TemporaryDirectory();
  const root = writeCache(directory, [OLD], OLD);
  assert.deepEqual(await findModelDirectory(root), {
    path: `${root}/snapshots/${OLD}`,
    note: `${root} is a model's cache: its only snapshot is used, snapshots/${OLD}`,
  });
});

Deno.test("findModelDirectory() follows a cache without refs to its only snapshot", async () => {
  using directory = new TemporaryDirectory();
  const root = writeCache(directory, [OLD]);
  assert.equal((await findModelDirectory(root)).path, `${root}/snapshots/${OLD}`);
});

Deno.test("findModelDirectory() takes of several snapshots the one that refs/main names", async () => {
  using directory = new TemporaryDirectory();
  const root = writeCache(directory, [OLD, NEW], NEW);
  assert.deepEqual(await findModelDirectory(root), {
    path: `${root}/snapshots/${NEW}`,
    note: `${root} is a model's cache: the one of its 2 snapshots that refs/main names is used, ` +
      `snapshots/${NEW}`,
  });
});

for (
  const [what, main, why] of [
    ["nothing names", undefined, "refs/main does not exist"],
    ["refs/main does not name", "3".repeat(40), `refs/main names ${"3".repeat(40)}`],
  ] as const
) {
  Deno.test(`findModelDirectory() lists several snapshots that ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const root = writeCache(directory, [OLD, NEW], main);
    await assert.rejects(
      findModelDirectory(root),
      inputError(
        `${root} is a model's cache with 2 snapshots, and ${why}; name one of them: ` +
          `${root}/snapshots/${OLD}, ${root}/snapshots/${NEW}`,
      ),
    );
  });
}

Deno.test("findModelDirectory() says of a cache without a snapshot that it is unfinished", async () => {
  using directory = new TemporaryDirectory();
  const root = writeCache(directory, []);
  await assert.rejects(findModelDirectory(root), inputErrorNaming(root, "without a snapshot"));
});

Deno.test("findModelDirectory() lists the models of a whole cache", async () => {
  using directory = new TemporaryDirectory();
  const root = writeCache(directory, [OLD]);
  for (const named of [`${directory.path}/hub`, directory.path]) {
    await assert.rejects(
      findModelDirectory(named),
      inputErrorNaming(root, `${named} is a cache of 1 model; name one of them`),
    );
  }
});

Deno.test("findModelDirectory() says where it has looked for a relative path", async () => {
  await assert.rejects(
    findModelDirectory("no/such/lm"),
    inputErrorNaming("no/such/lm", `does not exist (looked for from ${Deno.cwd()})`),
  );
});

Deno.test("findModelDirectory() says of a link that it leads nowhere", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/lm`;
  Deno.symlinkSync("elsewhere", path);
  await assert.rejects(
    findModelDirectory(path),
    inputError(`${path} is a link to elsewhere, which does not exist`),
  );
});

Deno.test("openLanguageModel() opens the root of a cache and tells which snapshot it uses", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  const root = `${directory.path}/models--org--name`;
  Deno.mkdirSync(`${root}/snapshots`, { recursive: true });
  Deno.renameSync(path, `${root}/snapshots/${OLD}`);
  const notes: string[] = [];
  const model = await openLanguageModel(root, { ...SILENT, note: (text) => notes.push(text) });
  assert.equal(model.directory, `${root}/snapshots/${OLD}`);
  assert.deepEqual(notes.length, 1);
  assert.match(notes[0]!, new RegExp(OLD));
});
