import assert from "node:assert/strict";
import { FileSource } from "../../lib/files/byte_source.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

const BYTES = Uint8Array.from([10, 11, 12, 13, 14]);

Deno.test("FileSource reads any range of a file", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("five", BYTES);
  using source = await FileSource.open(path);
  assert.equal(source.name, path);
  assert.equal(source.byteLength, 5);
  assert.deepEqual(await source.read(3, 5), BYTES.slice(3, 5));
  assert.deepEqual(await source.read(0, 5), BYTES);
  assert.deepEqual(await source.read(5, 5), new Uint8Array(0));
});

Deno.test("FileSource counts the bytes it has read", async () => {
  using directory = new TemporaryDirectory();
  using source = await FileSource.open(directory.write("five", BYTES));
  await source.read(0, 2);
  await source.read(1, 4);
  assert.equal(source.bytesRead, 5);
});

Deno.test("FileSource keeps simultaneous reads apart", async () => {
  using directory = new TemporaryDirectory();
  using source = await FileSource.open(directory.write("five", BYTES));
  const starts = [4, 0, 3, 1, 2];
  const reads = await Promise.all(starts.map((start) => source.read(start, start + 1)));
  assert.deepEqual(reads.map(([byte]) => byte), [14, 10, 13, 11, 12]);
});

for (const [start, end] of [[-1, 2], [3, 2], [0, 6], [6, 6], [NaN, 2]] as const) {
  Deno.test(`FileSource.read() refuses bytes ${start} to ${end} of five`, async () => {
    using directory = new TemporaryDirectory();
    using source = await FileSource.open(directory.write("five", BYTES));
    await assert.rejects(source.read(start, end), RangeError);
    assert.equal(source.bytesRead, 0);
  });
}

Deno.test("FileSource.open() says that a file does not exist", async () => {
  await assert.rejects(
    FileSource.open("no/such/file.pt"),
    inputErrorNaming("no/such/file.pt", "does not exist"),
  );
});

Deno.test("FileSource.open() refuses a directory", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    FileSource.open(directory.path),
    inputErrorNaming(directory.path, "is a directory, expected a file"),
  );
});

Deno.test({
  name: "FileSource.open() says that it may not read a file",
  permissions: { read: false },
  fn: async () => {
    await assert.rejects(
      FileSource.open("/etc/hosts"),
      inputErrorNaming("/etc/hosts", "permission denied"),
    );
  },
});

Deno.test("FileSource.read() notices that a file became shorter", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("five", BYTES);
  using source = await FileSource.open(path);
  await Deno.truncate(path, 3);
  await assert.rejects(source.read(0, 5), inputErrorNaming(path, "it became shorter"));
});

Deno.test("FileSource is closed at the end of its scope", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("five", BYTES);
  let escaped: FileSource;
  {
    using source = await FileSource.open(path);
    escaped = source;
  }
  await assert.rejects(escaped.read(0, 5), inputErrorNaming(path, "Cannot read"));
});

Deno.test({
  name: "FileSource.open() refuses a named pipe, which might keep it waiting for ever",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    const path = `${directory.path}/pipe`;
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assert.rejects(FileSource.open(path), inputErrorNaming(path, "is no file"));
  },
});

Deno.test("FileSource says that there is not so much memory, in one line", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("huge.bin", "");
  Deno.truncateSync(path, 2 ** 43); // 8 TiB of nothing
  using source = await FileSource.open(path);
  await assert.rejects(source.read(0, source.byteLength), inputErrorNaming(path, "Cannot read"));
});
