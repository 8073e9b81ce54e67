import assert from "node:assert/strict";
import { zipFile } from "../../lib/files/zip_writer.ts";
import { readZipDirectory } from "../../lib/tensors/zip_directory.ts";
import { readZipEntry } from "../../lib/tensors/zip_entry.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { numpyTest } from "../support/numpy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const pieces = (...parts: string[]) => parts.map((part) => new TextEncoder().encode(part));

/** Two members, one of them without a byte. */
function written(): Uint8Array<ArrayBuffer> {
  const parts = [...zipFile([
    { name: "a.npy", pieces: pieces("one", "", " and two") },
    { name: "ż.npy", pieces: [] },
  ])];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytes;
}

Deno.test("zipFile() gives what coact's own reader reads, with its checksums", async () => {
  const source = bytesSource("a.zip", written());
  const entries = await readZipDirectory(source);
  assert.deepEqual([...entries.keys()], ["a.npy", "ż.npy"]);
  assert.equal(text(await readZipEntry(source, entries.get("a.npy")!)), "one and two");
  assert.equal(text(await readZipEntry(source, entries.get("ż.npy")!)), "");
});

Deno.test("zipFile() gives the same bytes each time", () => {
  assert.deepEqual(written(), written());
});

numpyTest("zipFile() gives what Python's zipfile finds nothing wrong with", async (python) => {
  using directory = new TemporaryDirectory();
  const path = directory.write("a.zip", written());
  const program = `
import zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))`;
  assert.deepEqual(await python(program, path), [null, { "a.npy": "one and two", "ż.npy": "" }]);
});
