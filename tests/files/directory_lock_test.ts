import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DirectoryLock } from "../../lib/files/directory_lock.ts";
import { prepareDirectory } from "../../lib/files/output_directory.ts";
import { removeUnfinished } from "../../lib/files/unfinished.ts";
import { type Observer, SILENT } from "../../lib/base/observer.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const MODULE = fileURLToPath(new URL("../../lib/files/directory_lock.ts", import.meta.url));

Deno.test("DirectoryLock keeps a second run out, and says who is there", async () => {
  using directory = new TemporaryDirectory();
  using _lock = await DirectoryLock.take(directory.path);
  await assert.rejects(
    DirectoryLock.take(directory.path),
    inputError(
      new RegExp(
        `^${directory.path} is being written to by process ${Deno.pid} since 20[\\d:.TZ-]+; ` +
          "wait for it with --wait, or choose another directory with --output_dir$",
      ),
    ),
  );
});

Deno.test("DirectoryLock lets the next one in when it is given back, and leaves nothing", async () => {
  using directory = new TemporaryDirectory();
  for (let run = 0; run < 3; run++) {
    using _lock = await DirectoryLock.take(directory.path);
  }
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("DirectoryLock waits for a run that fails before its first file, and leaves no directory", async () => {
  using parent = new TemporaryDirectory();
  const directory = `${parent.path}/results`;
  const waiting = Promise.withResolvers<void>();
  let second: Promise<DirectoryLock>;
  {
    using _made = await prepareDirectory(directory);
    using _first = await DirectoryLock.take(directory);
    const observer = { ...SILENT, note: () => waiting.resolve() };
    second = DirectoryLock.take(directory, { wait: true, observer });
    await waiting.promise;
  }
  using _lock = await second;
  assert(Deno.statSync(directory).isDirectory);
});

Deno.test("DirectoryLock waits if it is asked to, and says for whom", async () => {
  using directory = new TemporaryDirectory();
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => void notes.push(message) };
  const first = await DirectoryLock.take(directory.path);
  let isIn = false;
  const second = DirectoryLock.take(directory.path, { wait: true, observer }).then((lock) => {
    isIn = true;
    return lock;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert(!isIn);
  first[Symbol.dispose]();
  using _lock = await second;
  assert.equal(notes.length, 1);
  assert(notes[0]!.startsWith(`waiting for process ${Deno.pid} since `));
});

Deno.test("DirectoryLock takes over from a process that was killed", async () => {
  using directory = new TemporaryDirectory();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const { DirectoryLock } = await import(${JSON.stringify(`file://${MODULE}`)});` +
      `globalThis.lock = await DirectoryLock.take(${JSON.stringify(directory.path)});` +
      'console.log("locked"); setInterval(() => {}, 1000);',
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /locked/);
  await assert.rejects(
    DirectoryLock.take(directory.path),
    inputError(new RegExp(`process ${child.pid} since`)),
  );
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  using _lock = await DirectoryLock.take(directory.path);
});

Deno.test({
  name: "DirectoryLock writes through no link that lies where it should be",
  ignore: Deno.build.os === "windows", // links take a right of their own there
  fn: async () => {
    using directory = new TemporaryDirectory();
    const precious = directory.write("precious", "do not write here");
    const results = `${directory.path}/results`;
    const lock = `${results}/.coact.lock`;
    Deno.mkdirSync(results);
    const makers = [
      () => Deno.symlinkSync(precious, lock),
      () => Deno.linkSync(precious, lock),
      () => Deno.symlinkSync(`${directory.path}/none`, lock),
      () => Deno.mkdirSync(lock),
      () => new Deno.Command("mkfifo", { args: [lock] }).outputSync(),
    ];
    for (const make of makers) {
      make();
      await assert.rejects(
        DirectoryLock.take(results),
        inputError(/\.coact\.lock is no lock of coact's but a link or the like; remove it$/),
      );
      Deno.removeSync(lock);
    }
    assert.equal(Deno.readTextFileSync(precious), "do not write here");
    assert.deepEqual([...Deno.readDirSync(directory.path)].length, 2);
  },
});

Deno.test("DirectoryLock is removed when the process is interrupted", async () => {
  using directory = new TemporaryDirectory();
  using _lock = await DirectoryLock.take(directory.path);
  removeUnfinished();
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

/** Makes a method of files fail until the end of a `using` scope. */
class Failing implements Disposable {
  #name: "tryLock" | "lock" | "write";
  #method: unknown;

  constructor(name: "tryLock" | "lock" | "write", error: Error) {
    this.#name = name;
    this.#method = Deno.FsFile.prototype[name];
    Deno.FsFile.prototype[name] = (() => Promise.reject(error)) as never;
  }

  [Symbol.dispose](): void {
    Deno.FsFile.prototype[this.#name] = this.#method as never;
  }
}

/** An observer that keeps the warnings. */
function warnings(): { heard: string[]; observer: Observer } {
  const heard: string[] = [];
  return { heard, observer: { ...SILENT, warn: (message) => void heard.push(message) } };
}

Deno.test("DirectoryLock on a full disk says so in one line, and leaves nothing", async () => {
  using directory = new TemporaryDirectory();
  const full = Object.assign(new Error("No space left on device (os error 28)"), {
    code: "ENOSPC",
  });
  {
    using _failing = new Failing("write", full);
    await assert.rejects(
      DirectoryLock.take(directory.path),
      inputError(
        new RegExp(`^${directory.path} cannot be written to: no space is left on the disk`),
      ),
    );
  }
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  using _lock = await DirectoryLock.take(directory.path); // and it is free again
});

Deno.test("DirectoryLock leaves no file where the file system knows no locks", async () => {
  using directory = new TemporaryDirectory();
  using _failing = new Failing("tryLock", new Deno.errors.NotSupported("no locks available"));
  const { heard, observer } = warnings();
  for (let run = 0; run < 2; run++) {
    using _lock = await DirectoryLock.take(directory.path, { observer });
    assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  }
  assert.deepEqual(heard, [
    ...Array(2).fill(
      `${directory.path} cannot be locked (no locks available); let no other run write there`,
    ),
  ]);
});

Deno.test("DirectoryLock without locks leaves alone a file in which a process stands", async () => {
  using directory = new TemporaryDirectory();
  directory.write(".coact.lock", "process 1 since 2026-01-01T00:00:00.000Z\n");
  using _failing = new Failing("tryLock", new Deno.errors.NotSupported("no locks available"));
  using _lock = await DirectoryLock.take(directory.path, warnings());
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name), [".coact.lock"]);
});

Deno.test("DirectoryLock goes on without a lock that cannot be waited for", async () => {
  using directory = new TemporaryDirectory();
  using _first = await DirectoryLock.take(directory.path);
  using _failing = new Failing("lock", new Error("interrupted system call"));
  const { heard, observer } = warnings();
  using _second = await DirectoryLock.take(directory.path, { wait: true, observer });
  assert.equal(heard.length, 1);
  assert.match(heard[0]!, /cannot be locked \(interrupted system call\)/);
});
