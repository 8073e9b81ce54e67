import { equal, rejects } from "node:assert/strict";
import { FileSource } from "../../lib/files/byte_source.ts";
import { absent, exists, isDirectoryThere, isFileThere, lookAt } from "../../lib/files/look.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("lookAt() tells files, directories and nothing, through links as well", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.write("file", "");
  Deno.symlinkSync(file, `${directory.path}/link`);
  Deno.symlinkSync(directory.path, `${directory.path}/up`);
  equal(await lookAt(file), "file");
  equal(await lookAt(`${directory.path}/link`), "file");
  equal(await lookAt(directory.path), "directory");
  equal(await lookAt(`${directory.path}/up`), "directory");
  equal(await lookAt(`${directory.path}/none`), undefined);
  equal(await lookAt(`${directory.path}/none/none`), undefined);
  equal(await lookAt(`${directory.path}/up/none`), undefined);
});

for (
  const [what, path, target] of [
    ["a link without a target", "dangling", "dangling"],
    ["a link without a target that is written as a directory", "dangling/", "dangling"],
    ["a file in a directory that is such a link", "dangling/layer0/sae_best.pt", "dangling"],
  ] as const
) {
  Deno.test(`lookAt() does not take ${what} for nothing`, async () => {
    using directory = new TemporaryDirectory();
    Deno.symlinkSync("nowhere", `${directory.path}/${target}`);
    await rejects(
      lookAt(`${directory.path}/${path}`),
      inputError(`${directory.path}/${target} is a link to nowhere, which does not exist`),
    );
  });
}

Deno.test("lookAt() does not take links that lead in a circle for nothing", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/a`;
  Deno.symlinkSync("b", path);
  Deno.symlinkSync("a", `${directory.path}/b`);
  await rejects(
    lookAt(path),
    inputError(`${path} cannot be read: its links lead in a circle`),
  );
});

Deno.test("lookAt() names the file that stands in a directory's place", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.write("layer0", "");
  await rejects(
    lookAt(`${file}/deeper/sae_best.pt`),
    inputError(`${file} is a file, expected a directory`),
  );
});

Deno.test("lookAt() refuses what would keep its reader waiting", async () => {
  await rejects(lookAt("/dev/null"), inputError("/dev/null is no file, expected a file"));
});

// Root may read everything, and no disk fails when asked to: the system's answers are made up.
for (
  const [error, line] of [
    [new Deno.errors.PermissionDenied("os error 13"), "FILE cannot be read: permission denied"],
    [
      new Deno.errors.NotCapable(
        'Requires read access to "FILE", run again with the --allow-read flag',
      ),
      "FILE cannot be read: permission denied: Deno does not let this run read there",
    ],
    [
      new Deno.errors.NotCapable(
        'Requires all access to "/dev/shm", run again with the --allow-all flag',
      ),
      "FILE cannot be read: Deno lets no program read below /dev, /proc and /sys that may not do " +
      "everything; copy it to another place",
    ],
    [
      new Error("Input/output error (os error 5)"),
      "FILE cannot be read: Input/output error (os error 5)",
    ],
  ] as const
) {
  Deno.test(`lookAt() passes on that ${line}`, async () => {
    const { stat } = Deno;
    Deno.stat = () => Promise.reject(error);
    try {
      await rejects(lookAt("FILE"), inputError(line));
    } finally {
      Deno.stat = stat;
    }
  });
}

Deno.test("isFileThere() and isDirectoryThere() refuse one in the other's place", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.write("file", "");
  equal(await isFileThere(file), true);
  equal(await isFileThere(`${file}s`), false);
  equal(await isDirectoryThere(directory.path), true);
  equal(await isDirectoryThere(`${file}s`), false);
  await rejects(
    isFileThere(directory.path),
    inputError(`${directory.path} is a directory, expected a file`),
  );
  await rejects(isDirectoryThere(file), inputError(`${file} is a file, expected a directory`));
});

Deno.test("absent() says of a relative path from where it was looked for", () => {
  equal(absent("/no/such"), "/no/such does not exist");
  equal(absent("no/such"), `no/such does not exist (looked for from ${Deno.cwd()})`);
});

Deno.test("FileSource.open() names the link that leads nowhere", async () => {
  using directory = new TemporaryDirectory();
  Deno.symlinkSync("../gone", `${directory.path}/link`);
  await rejects(
    FileSource.open(`${directory.path}/link`),
    inputError(`${directory.path}/link is a link to ../gone, which does not exist`),
  );
});

Deno.test("exists() sees files and directories", async () => {
  using directory = new TemporaryDirectory();
  equal(await exists(directory.write("five", "12345")), true);
  equal(await exists(directory.path), true);
  equal(await exists(`${directory.path}/six`), false);
});
