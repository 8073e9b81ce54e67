import assert from "node:assert/strict";
import { placeFile, PrivateDirectory, requirePrivate } from "../../lib/files/private_directory.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const MODULE = import.meta.resolve("../../lib/files/private_directory.ts");
const PREFIX = "coact-private-";
const isWindows = Deno.build.os === "windows";

/**
 * A directory that stands in for the machine's temporary one until the end of a `using` scope. It is
 * not named in the environment, which all tests of a process share.
 */
class OwnTemporary extends TemporaryDirectory {
  /** What is in it. */
  get names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }
}

Deno.test("PrivateDirectory is below the temporary one, for its user alone, and goes with its files", () => {
  using temporary = new OwnTemporary();
  {
    using directory = PrivateDirectory.create(PREFIX, temporary.path);
    placeFile(directory.path, "a", Uint8Array.of(1));
    assert.equal(temporary.names.length, 1);
    assert(temporary.names[0]!.startsWith(PREFIX));
    if (!isWindows) {
      assert.equal(Deno.lstatSync(directory.path).mode! & 0o777, 0o700);
      assert.equal(Deno.lstatSync(`${directory.path}/a`).mode! & 0o077, 0);
    }
  }
  assert.deepEqual(temporary.names, []);
});

Deno.test("PrivateDirectory leaves those of running processes alone", () => {
  using temporary = new OwnTemporary();
  using one = PrivateDirectory.create(PREFIX, temporary.path);
  placeFile(one.path, "a", Uint8Array.of(1));
  using two = PrivateDirectory.create(PREFIX, temporary.path);
  assert.notEqual(one.path, two.path);
  assert.equal(temporary.names.length, 2);
  assert.deepEqual(Deno.readFileSync(`${one.path}/a`), Uint8Array.of(1));
});

Deno.test("PrivateDirectory removes what a killed process left", async () => {
  using temporary = new OwnTemporary();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const { PrivateDirectory, placeFile } = await import(${JSON.stringify(MODULE)});` +
      `globalThis.directory = PrivateDirectory.create(${JSON.stringify(PREFIX)}, ${
        JSON.stringify(temporary.path)
      });` +
      'placeFile(directory.path, "a", new Uint8Array(9));' +
      'console.log("made"); setInterval(() => {}, 1000);',
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  const [left] = temporary.names;
  assert(left !== undefined);
  using _own = PrivateDirectory.create(PREFIX, temporary.path);
  assert(!temporary.names.includes(left));
});

Deno.test("PrivateDirectory removes nothing that others may have put there", () => {
  using temporary = new OwnTemporary();
  const kept = ["open", "no lock", "a folder in it"].map((name) => `${PREFIX}${name}`);
  for (const name of kept) Deno.mkdirSync(`${temporary.path}/${name}`, { mode: 0o700 });
  Deno.chmodSync(`${temporary.path}/${PREFIX}open`, 0o755);
  temporary.write(`${PREFIX}open/.lock`, "");
  temporary.write(`${PREFIX}a folder in it/.lock`, "");
  temporary.write(`${PREFIX}a folder in it/sub/a`, "");
  Deno.mkdirSync(`${temporary.path}/mine`, { mode: 0o700 });
  temporary.write("mine/.lock", "");
  Deno.symlinkSync(`${temporary.path}/mine`, `${temporary.path}/${PREFIX}link`);
  const before = temporary.names;
  PrivateDirectory.create(PREFIX, temporary.path)[Symbol.dispose]();
  assert.deepEqual(temporary.names, before);
  assert.deepEqual([...Deno.readDirSync(`${temporary.path}/mine`)].length, 1);
  Deno.removeSync(`${temporary.path}/${PREFIX}link`);
});

Deno.test("PrivateDirectory needs no listing of the temporary directory, which may be forbidden", () => {
  using temporary = new OwnTemporary();
  const { readDirSync } = Deno;
  // As it answers in a directory of mode 1733; a superuser may list all the same.
  Deno.readDirSync = (path) => {
    if (path === temporary.path) throw new Deno.errors.PermissionDenied();
    return readDirSync(path);
  };
  try {
    using directory = PrivateDirectory.create(PREFIX, temporary.path);
    placeFile(directory.path, "a", Uint8Array.of(1));
  } finally {
    Deno.readDirSync = readDirSync;
  }
  assert.deepEqual(temporary.names, []);
});

Deno.test({
  name: "PrivateDirectory leaves none behind that others may enter, and says so",
  ignore: isWindows,
  fn: () => {
    using temporary = new OwnTemporary();
    const { makeTempDirSync } = Deno;
    // As it is where a file system knows no modes.
    Deno.makeTempDirSync = (options) => {
      const path = makeTempDirSync(options);
      Deno.chmodSync(path, 0o777);
      return path;
    };
    try {
      assert.throws(
        () => PrivateDirectory.create(PREFIX, temporary.path),
        inputError(/^no directory can be made .+ is open to other users; let TMPDIR name one /),
      );
    } finally {
      Deno.makeTempDirSync = makeTempDirSync;
    }
    assert.deepEqual(temporary.names, []);
  },
});

Deno.test("PrivateDirectory says what to do where none can be made", () => {
  using temporary = new OwnTemporary();
  assert.throws(
    () => PrivateDirectory.create(PREFIX, `${temporary.path}/missing`),
    inputError(/^no directory can be made among the temporary files: .+; let \w+ name one /),
  );
});

Deno.test("requirePrivate() takes neither a link, nor a file, nor what others may enter", () => {
  using temporary = new TemporaryDirectory();
  const path = `${temporary.path}/own`;
  Deno.mkdirSync(path, { mode: 0o700 });
  requirePrivate(path);
  Deno.symlinkSync(path, `${temporary.path}/link`);
  temporary.write("file", "");
  for (const name of ["link", "file"]) {
    assert.throws(
      () => requirePrivate(`${temporary.path}/${name}`),
      inputError(new RegExp(`${name} is no directory of this user's$`)),
    );
  }
  if (isWindows) return;
  for (const mode of [0o755, 0o710, 0o702]) {
    Deno.chmodSync(path, mode);
    assert.throws(() => requirePrivate(path), inputError(/own is open to other users$/));
  }
});

const BYTES = new TextEncoder().encode("the library");
const STRANGE: readonly [what: string, put: (path: string) => void][] = [
  ["a byte is another", (path) => Deno.writeTextFileSync(path, "the librarY")],
  ["it ends too early", (path) => Deno.writeTextFileSync(path, "the lib")],
  ["it goes on", (path) => Deno.writeTextFileSync(path, "the library!")],
  ["it is a link to the right bytes", (path) => {
    Deno.writeFileSync(`${path}.there`, BYTES);
    Deno.symlinkSync(`${path}.there`, path);
  }],
  ["it is a link to nothing", (path) => Deno.symlinkSync(`${path}.missing`, path)],
  ["it is a folder", (path) => Deno.mkdirSync(path)],
];
for (const [what, put] of STRANGE) {
  Deno.test(`placeFile() does not take what is there if ${what}, and does not write to it`, () => {
    using temporary = new OwnTemporary();
    using directory = PrivateDirectory.create(PREFIX, temporary.path);
    put(`${directory.path}/a.so`);
    assert.throws(
      () => placeFile(directory.path, "a.so", BYTES),
      inputError(/a\.so is not as it was written$/),
    );
    assert.throws(() => Deno.statSync(`${directory.path}/a.so.missing`));
    Deno.removeSync(temporary.path, { recursive: true });
    Deno.mkdirSync(temporary.path);
  });
}

Deno.test("placeFile() takes what is there if it is right", () => {
  using temporary = new OwnTemporary();
  using directory = PrivateDirectory.create(PREFIX, temporary.path);
  placeFile(directory.path, "a.so", BYTES);
  const before = Deno.lstatSync(`${directory.path}/a.so`);
  placeFile(directory.path, "a.so", BYTES);
  assert.equal(Deno.lstatSync(`${directory.path}/a.so`).ino, before.ino);
});

Deno.test("placeFile() does not take a file of another user", () => {
  using temporary = new OwnTemporary();
  using directory = PrivateDirectory.create(PREFIX, temporary.path);
  placeFile(directory.path, "a.so", BYTES);
  const { lstatSync } = Deno;
  Deno.lstatSync = (path) => {
    const info = lstatSync(path);
    return info.isFile ? { ...info, uid: (info.uid ?? 0) + 1 } : info;
  };
  try {
    assert.throws(() => placeFile(directory.path, "a.so", BYTES), inputError(/not as it was/));
  } finally {
    Deno.lstatSync = lstatSync;
  }
});
