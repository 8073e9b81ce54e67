import assert from "node:assert/strict";
import { readZipDirectory } from "../../lib/tensors/zip_directory.ts";
import { readZipEntry } from "../../lib/tensors/zip_entry.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { CountingSource } from "./counting_source.ts";
import { ENTRIES, OFFSETS, zipSource } from "./small_zip.ts";
import { zipFile } from "./zip_writer.ts";

Deno.test("readZipEntry() returns the data of an entry", async () => {
  const source = zipSource({});
  const entries = await readZipDirectory(source);
  assert.deepEqual(await readZipEntry(source, entries.get("a/two")!), Uint8Array.of(2, 2));
});

Deno.test("readZipEntry() notices a changed byte", async () => {
  const bytes = zipFile({ entries: ENTRIES });
  bytes[OFFSETS.two]! ^= 1;
  const source = bytesSource("w.zip", bytes);
  const entries = await readZipDirectory(source);
  await readZipEntry(source, entries.get("a/one")!);
  await assert.rejects(
    readZipEntry(source, entries.get("a/two")!),
    inputErrorNaming("w.zip", "the checksum of entry a/two does not match its data"),
  );
});

Deno.test("readZipEntry() checks all of an entry, whatever part of it is asked for", async () => {
  const bytes = zipFile({ entries: ENTRIES });
  bytes[OFFSETS.two + 1]! ^= 1;
  const source = bytesSource("w.zip", bytes);
  const entry = (await readZipDirectory(source)).get("a/two")!;
  await assert.rejects(
    readZipEntry(source, entry, { start: 0, end: 1 }),
    inputErrorNaming("w.zip", "the checksum of entry a/two does not match its data"),
  );
});

Deno.test("readZipEntry() reads a long entry piece by piece", async () => {
  const data = Uint8Array.from({ length: 9_000_000 }, (_, i) => i * i >> 3);
  const source = new CountingSource(bytesSource("w.zip", zipFile({ entries: [["long", data]] })));
  const entry = (await readZipDirectory(source)).get("long")!;
  const whole = await readZipEntry(source, entry);
  assert.equal(Buffer.compare(whole, data), 0);
  const part = await readZipEntry(source, entry, { start: 4_000_000, end: 8_500_000 });
  assert.equal(Buffer.compare(part, data.subarray(4_000_000, 8_500_000)), 0);
  assert(source.ranges.every(([start, end]) => end - start <= 2 ** 22));
});
