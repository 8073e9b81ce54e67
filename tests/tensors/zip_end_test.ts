/** The records at the end of a zip file, through what follows them to its directory. */
import assert from "node:assert/strict";
import { readZipDirectory } from "../../lib/tensors/zip_directory.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { concatenate, latin1 } from "./bytes.ts";
import { CountingSource } from "./counting_source.ts";
import { changed, END, ENTRIES, LENGTH_BEFORE_DIRECTORY, zipSource } from "./small_zip.ts";
import { zipFile } from "./zip_writer.ts";

Deno.test("readZipDirectory() follows zip64 records", async () => {
  const entries = (zip64: boolean) => readZipDirectory(zipSource({ zip64 }));
  assert.deepEqual([...await entries(true)], [...await entries(false)]);
});

Deno.test("readZipDirectory() reads past a comment of any length", async () => {
  for (const length of [1, 0xffff]) {
    const source = zipSource({ comment: new Uint8Array(length).fill(0x20) });
    assert.equal((await readZipDirectory(source)).size, 2);
  }
});

Deno.test("readZipDirectory() accepts an archive without entries", async () => {
  assert.equal((await readZipDirectory(bytesSource("w.zip", zipFile({ entries: [] })))).size, 0);
});

Deno.test("readZipDirectory() refuses a directory that is not where it should be", async () => {
  await assert.rejects(
    readZipDirectory(zipSource({ directoryOffset: LENGTH_BEFORE_DIRECTORY + 1 })),
    inputErrorNaming("w.zip", "its directory claims bytes"),
  );
  await assert.rejects(
    readZipDirectory(zipSource({ directoryOffset: LENGTH_BEFORE_DIRECTORY - 1 })),
    inputErrorNaming("w.zip", "its directory is damaged"),
  );
});

Deno.test("readZipDirectory() refuses a directory that ends within an entry", async () => {
  for (const directoryLength of [45, 46, 50, 52]) { // an entry has 46 bytes and 5 of its name
    await assert.rejects(
      readZipDirectory(zipSource({ directoryLength })),
      inputErrorNaming("w.zip", "its directory is damaged"),
    );
  }
});

Deno.test("readZipDirectory() refuses a directory of over 16 MiB before reading it", async () => {
  const length = 2 ** 24 + 1;
  const end = zipFile({ entries: [], directoryLength: length });
  const source = new CountingSource({
    name: "w.zip",
    byteLength: length + end.length,
    read: () => Promise.resolve(end),
  });
  await assert.rejects(
    readZipDirectory(source),
    inputErrorNaming("w.zip", `its directory claims bytes 0 to ${length}`),
  );
  assert.equal(source.bytesRead, 20 + 22 + 0xffff); // where the end records can be
});

Deno.test("readZipDirectory() refuses a file without an end record", async () => {
  for (const bytes of [new Uint8Array(0), latin1("PK\x03\x04"), new Uint8Array(70_000)]) {
    await assert.rejects(
      readZipDirectory(bytesSource("w.zip", bytes)),
      inputErrorNaming("w.zip", "it has no directory at its end; it may be truncated"),
    );
  }
});

Deno.test("readZipDirectory() refuses an end record that promises zip64 in vain", async () => {
  // An end record whose numbers of entries are 0xffff, with nothing before it.
  const end = concatenate(latin1("PK\x05\x06\0\0\0\0"), new Uint8Array(14).fill(0xff, 0, 4));
  await assert.rejects(
    readZipDirectory(bytesSource("w.zip", end)),
    inputErrorNaming("w.zip", "a record is missing at byte -20"),
  );
});

// What can be read in two ways.

for (const [field, width] of [["entries", 2], ["length", 4], ["start", 4]] as const) {
  Deno.test(`readZipDirectory() refuses end records that disagree on ${field}`, async () => {
    const source = changed(zipFile({ entries: ENTRIES, zip64: true }), (view) => {
      const at = view.byteLength - END[field];
      if (width === 2) view.setUint16(at, 1, true);
      else view.setUint32(at, 1, true);
    });
    await assert.rejects(
      readZipDirectory(source),
      inputErrorNaming("w.zip", "it can be read in two ways: its two end records disagree"),
    );
  });
}

Deno.test("readZipDirectory() takes zip64 records that nothing asks for, and that agree", async () => {
  const source = changed(zipFile({ entries: ENTRIES, zip64: true }), (view) => {
    const end = view.byteLength;
    const length = Number(view.getBigUint64(end - 22 - 20 - 56 + 40, true));
    view.setUint16(end - END.entries, ENTRIES.length, true);
    view.setUint16(end - END.entriesHere, ENTRIES.length, true);
    view.setUint32(end - END.length, length, true);
    view.setUint32(end - END.start, LENGTH_BEFORE_DIRECTORY, true);
  });
  assert.equal((await readZipDirectory(source)).size, 2);
});

Deno.test("readZipDirectory() refuses an archive in an archive's comment", async () => {
  const other = zipFile({ entries: [["a/one", Uint8Array.of(9)]] });
  await assert.rejects(
    readZipDirectory(zipSource({ comment: other })),
    inputErrorNaming("w.zip", "it can be read in two ways: two archives end where the file does"),
  );
});

Deno.test("readZipDirectory() refuses a comment of another length than it is said to have", async () => {
  const source = changed(
    zipFile({ entries: ENTRIES, comment: latin1("hello") }),
    (view) => view.setUint16(view.byteLength - 5 - 2, 4, true),
  );
  await assert.rejects(
    readZipDirectory(source),
    inputErrorNaming("w.zip", "what follows its directory is damaged, or the file truncated"),
  );
});

Deno.test("readZipDirectory() refuses an end record that counts its entries twice", async () => {
  const source = changed(
    zipFile({ entries: ENTRIES }),
    (view) => view.setUint16(view.byteLength - 22 + 8, 1, true),
  );
  await assert.rejects(
    readZipDirectory(source),
    inputErrorNaming("w.zip", "it can be read in two ways: it claims 2 and 1 entries"),
  );
});
