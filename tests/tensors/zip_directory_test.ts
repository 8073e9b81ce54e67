import assert from "node:assert/strict";
import { type ByteSource, FileSource } from "../../lib/files/byte_source.ts";
import { readZipDirectory } from "../../lib/tensors/zip_directory.ts";
import { readZipEntry } from "../../lib/tensors/zip_entry.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { CountingSource } from "./counting_source.ts";
import { changed, ENTRIES, LENGTH_BEFORE_DIRECTORY, OFFSETS, zipSource } from "./small_zip.ts";
import { zipFile } from "./zip_writer.ts";

const FIXTURES = new URL("../fixtures/torch", import.meta.url).pathname;

async function placesOf(source: ByteSource): Promise<[string, number, number][]> {
  const entries = [...(await readZipDirectory(source)).values()];
  return entries.map(({ name, offset, byteLength }) => [name, offset, byteLength]);
}

Deno.test("readZipDirectory() says where the data of entries lie", async () => {
  assert.deepEqual(await placesOf(zipSource({})), [
    ["a/one", OFFSETS.one, 1],
    ["a/two", OFFSETS.two, 2],
  ]);
});

Deno.test("readZipDirectory() reads what Python's zipfile wrote, past the extra fields", async () => {
  using source = await FileSource.open(`${FIXTURES}/layout_of_2.pt`);
  const root = "layout_of_2"; // the padding puts all data at multiples of 64
  assert.deepEqual(await placesOf(source), [
    [`${root}/data.pkl`, 64, 290],
    [`${root}/.format_version`, 448, 1],
    [`${root}/.storage_alignment`, 576, 2],
    [`${root}/byteorder`, 640, 6],
    [`${root}/data/0`, 704, 24],
    [`${root}/data/1`, 832, 8],
    [`${root}/version`, 896, 2],
    [`${root}/.data/serialization_id`, 1024, 40],
  ]);
});

Deno.test("readZipDirectory() skips folders and what is not wanted", async () => {
  const entries = [["a/", new Uint8Array(0)] as const, ...ENTRIES];
  const source = bytesSource("w.zip", zipFile({ entries }));
  const found = await readZipDirectory(source, (name) => name !== "a/one");
  assert.deepEqual([...found.keys()], ["a/two"]);
});

Deno.test("readZipDirectory() reads the directory and the headers of wanted entries only", async () => {
  const source = new CountingSource(zipSource({}));
  await readZipDirectory(source, (name) => name === "a/two");
  assert.deepEqual(source.ranges, [
    [0, source.byteLength], // where an end record can be: all of this small file
    [LENGTH_BEFORE_DIRECTORY, source.byteLength - 22],
    [36, 36 + 30 + "a/two".length],
  ]);
});

const LIES: [what: string, lie: object, problem: string][] = [
  ["compressed", { method: 8 }, "entry a/two is compressed or encrypted"],
  ["encrypted", { flags: 1 }, "entry a/two is compressed or encrypted"],
  ["of two sizes", { compressedSize: 1 }, "entry a/two has two different sizes"],
  ["longer than the file", { compressedSize: 9999, size: 9999 }, "ends after the end of the file"],
  ["without a header", { headerOffset: 1 }, "a record is missing at byte 1"],
  ["beyond the end", { headerOffset: 9999 }, "a record is missing at byte 9999"],
];
for (const [what, lie, problem] of LIES) {
  Deno.test(`readZipDirectory() refuses an entry that is ${what}`, async () => {
    for (const zip64 of [false, true]) {
      const source = zipSource({ lies: { "a/two": lie }, zip64 });
      await assert.rejects(readZipDirectory(source), inputErrorNaming("w.zip", problem));
    }
  });
}

Deno.test("readZipDirectory() refuses sizes and offsets near 2^64", async () => {
  const size = 2n ** 64n - 1n;
  for (const lie of [{ compressedSize: size, size }, { headerOffset: size }]) {
    const source = zipSource({ lies: { "a/two": lie }, zip64: true });
    await assert.rejects(readZipDirectory(source), inputErrorNaming("w.zip", ""));
  }
  await assert.rejects(
    readZipDirectory(zipSource({ directoryLength: size, zip64: true })),
    inputErrorNaming("w.zip", "its directory claims bytes"),
  );
});

Deno.test("readZipDirectory() does not mind lies about entries that nobody wants", async () => {
  const source = zipSource({ lies: { "a/two": { method: 8, headerOffset: 9999 } } });
  assert.equal((await readZipDirectory(source, (name) => name === "a/one")).size, 1);
});

Deno.test("readZipDirectory() refuses two entries of one name", async () => {
  const entries = [["same", Uint8Array.of(1)], ["same", Uint8Array.of(2)]] as const;
  await assert.rejects(
    readZipDirectory(bytesSource("w.zip", zipFile({ entries }))),
    inputErrorNaming("w.zip", "it has two entries same"),
  );
});

for (const name of ["../w/data/0", "w/../data/0", "..", "w\\..\\data\\0"]) {
  Deno.test(`readZipDirectory() refuses a wanted entry ${name}`, async () => {
    const source = bytesSource("w.zip", zipFile({ entries: [[name, Uint8Array.of(1)]] }));
    await assert.rejects(
      readZipDirectory(source),
      inputErrorNaming("w.zip", `entry ${name} would lie outside of its folder`),
    );
    assert.equal((await readZipDirectory(source, () => false)).size, 0);
  });
}

Deno.test("readZipDirectory() refuses entries that share bytes", async () => {
  // The first, made longer, reaches into the header of the second: by a byte, and by no byte.
  const lie = (size: number) => ({ "a/one": { size, compressedSize: size } });
  await assert.rejects(
    readZipDirectory(zipSource({ lies: lie(2) })),
    inputErrorNaming("w.zip", "entry a/one overlaps a/two"),
  );
  assert.equal((await readZipDirectory(zipSource({ lies: lie(1) }))).size, 2);
});

Deno.test("readZipDirectory() refuses an entry that reaches into the directory", async () => {
  await assert.rejects(
    readZipDirectory(zipSource({ lies: { "a/two": { size: 3, compressedSize: 3 } } })),
    inputErrorNaming("w.zip", "entry a/two overlaps the directory"),
  );
});

Deno.test("readZipDirectory() refuses a directory of fewer or more entries than it claims", async () => {
  for (const zip64 of [false, true]) {
    const bytes = zipFile({ entries: ENTRIES, zip64 });
    const view = new DataView(bytes.buffer);
    const [at, other] = zip64
      ? [bytes.length - 22 - 20 - 56 + 32, bytes.length - 22 - 20 - 56 + 24]
      : [bytes.length - 22 + 10, bytes.length - 22 + 8];
    for (const count of [1, 3]) {
      view.setUint16(at, count, true);
      view.setUint16(other, count, true);
      await assert.rejects(
        readZipDirectory(bytesSource("w.zip", bytes)),
        inputErrorNaming("w.zip", `its directory lists 2 entries but claims ${count}`),
      );
    }
  }
});

for (const zip64 of [false, true]) {
  Deno.test(`readZipDirectory() refuses every truncated file${zip64 ? " with zip64" : ""}`, async () => {
    const whole = zipFile({ entries: ENTRIES, zip64 });
    for (let length = 0; length < whole.length; length++) {
      const cut = bytesSource("w.zip", whole.slice(0, length));
      await assert.rejects(readZipDirectory(cut), inputErrorNaming("w.zip", ""));
    }
  });

  Deno.test(`readZipDirectory() survives any changed byte${zip64 ? " with zip64" : ""}`, async () => {
    const whole = zipFile({ entries: ENTRIES, zip64 });
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at]! ^= mask;
        const source = bytesSource("w.zip", bytes);
        try {
          for (const entry of (await readZipDirectory(source)).values()) {
            await readZipEntry(source, entry);
          }
        } catch (error) {
          inputErrorNaming("w.zip", "")(error);
        }
      }
    }
  });
}

// What can be read in two ways.

for (
  const other of ["a/One", "./a/one", "a/./one", "a//one", "/a/one", "a\\one"]
) {
  Deno.test(`readZipDirectory() refuses a/one beside ${other}, whether it is wanted or not`, async () => {
    const entries = [["a/one", Uint8Array.of(1)], [other, Uint8Array.of(2)]] as const;
    await assert.rejects(
      readZipDirectory(bytesSource("w.zip", zipFile({ entries })), (name) => name === "a/one"),
      inputErrorNaming("w.zip", "it has two entries"),
    );
  });
}

Deno.test("readZipDirectory() refuses a name that ends early for some readers", async () => {
  const entries = [["a/one\0b", Uint8Array.of(1)]] as const;
  await assert.rejects(
    readZipDirectory(bytesSource("w.zip", zipFile({ entries }))),
    inputErrorNaming("w.zip", "is malformed"),
  );
});

const HEADERS: [what: string, change: (view: DataView) => void][] = [
  ["another name", (view) => view.setUint8(30, 0x62)],
  ["a longer name", (view) => view.setUint16(26, 6, true)],
  ["compression", (view) => view.setUint16(8, 8, true)],
  ["encryption", (view) => view.setUint16(6, 1, true)],
  ["another checksum", (view) => view.setUint32(14, 1, true)],
  ["another length", (view) => view.setUint32(22, 9, true)],
];
for (const [what, change] of HEADERS) {
  Deno.test(`readZipDirectory() refuses an entry whose own header says ${what}`, async () => {
    await assert.rejects(
      readZipDirectory(changed(zipFile({ entries: ENTRIES }), change)),
      inputErrorNaming(
        "w.zip",
        "the header of entry a/one says something else than the directory",
      ),
    );
  });
}

Deno.test("readZipDirectory() is not kept busy by names that look like integers", async () => {
  const entries = Array.from(
    { length: 24_000 },
    (_, i) => [String(i * 65536), new Uint8Array(0)] as const,
  );
  const source = bytesSource("w.zip", zipFile({ entries, zip64: true }));
  const start = cpuMilliseconds();
  assert.equal((await readZipDirectory(source)).size, 24_000);
  const seconds = (cpuMilliseconds() - start) / 1000;
  assert(seconds < 6, `it took ${seconds} s`); // 9 s with a Map, and 0.6 s as it is
});
