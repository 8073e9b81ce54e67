import assert from "node:assert/strict";
import { hashBytes } from "../../lib/files/hash_file.ts";
import { SteadyFile } from "../../lib/files/steady_file.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const OLD = new TextEncoder().encode("old bytes");
const NEW = new TextEncoder().encode("new bytes"); // as many

/** Makes a file look as if it had been there for long. */
function age(path: string): void {
  Deno.utimeSync(path, 1_000_000_000, 1_000_000_000);
}

/** Ways in which a file becomes another while it is in use. */
const CHANGES: Record<string, (path: string) => void> = {
  "another file was moved there": (path) => {
    Deno.writeFileSync(`${path}.new`, NEW);
    age(`${path}.new`);
    Deno.renameSync(`${path}.new`, path);
  },
  "it was written anew in its place": (path) => Deno.writeFileSync(path, NEW),
  "it was written anew and its time set back": (path) => {
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeFileSync(path, NEW);
    Deno.utimeSync(path, atime!, mtime!);
  },
  "it has become longer": (path) => Deno.writeFileSync(path, NEW, { append: true }),
  "it leads elsewhere, for it is a link": (path) => {
    Deno.writeFileSync(`${path}.new`, NEW);
    Deno.removeSync(path);
    Deno.symlinkSync(`${path}.new`, path);
  },
};

for (const [what, change] of Object.entries(CHANGES)) {
  for (const isOld of [true, false]) {
    Deno.test(`SteadyFile.check() notices of a ${isOld ? "long" : "just"} written file that ${what}`, async () => {
      using directory = new TemporaryDirectory();
      const path = directory.write("model", OLD);
      if (isOld) age(path);
      const file = await SteadyFile.see(path);
      assert.equal(await file.sha256(), hashBytes(OLD));
      await file.check();
      change(path);
      await assert.rejects(file.check(), inputErrorNaming(path, "was changed while it was in use"));
    });
  }
}

Deno.test("SteadyFile refuses to open or to hash what is another file by now", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("model", OLD);
  const file = await SteadyFile.see(path);
  Deno.writeFileSync(path, new Uint8Array(3));
  await assert.rejects(file.open(), inputErrorNaming(path, "was changed"));
  await assert.rejects(file.sha256(), inputErrorNaming(path, "was changed"));
});

Deno.test("SteadyFile.check() does not mind that a file is given another name or mode", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("model", OLD);
  const file = await SteadyFile.see(path);
  await file.sha256();
  Deno.linkSync(path, `${path}.copy`);
  Deno.chmodSync(path, 0o600);
  await file.check();
});

Deno.test("SteadyFile.check() names a file that is gone", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("model", OLD);
  const file = await SteadyFile.see(path);
  Deno.removeSync(path);
  await assert.rejects(file.check(), inputErrorNaming(path, "does not exist"));
});

Deno.test("SteadyFile.check() holds a file against what a reader has hashed", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("questions", OLD);
  const file = await SteadyFile.see(path);
  file.wasHashed(hashBytes(NEW)); // it was another one when it was read
  await assert.rejects(file.check(), inputErrorNaming(path, "was changed"));
});
