import assert from "node:assert/strict";
import { hashFile } from "../../lib/files/hash_file.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

// Source: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
Deno.test("hashFile() gives the standard's examples", async () => {
  using directory = new TemporaryDirectory();
  assert.equal(
    await hashFile(directory.write("empty", "")),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assert.equal(
    await hashFile(directory.write("abc", "abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("hashFile() joins what it reads in several parts", async () => {
  using directory = new TemporaryDirectory();
  const bytes = new Uint8Array(2 ** 22 + 1); // one byte more than it reads at a time
  bytes[2 ** 22] = 1;
  // (head --bytes 4194304 /dev/zero; printf '\001') | sha256sum
  assert.equal(
    await hashFile(directory.write("long", bytes)),
    "210020e78b7a36dcb33fad639473bd261198246896db5f186da2fd7a7da46c59",
  );
});

Deno.test("hashFile() says that a file does not exist", async () => {
  await assert.rejects(
    hashFile("no/such/file"),
    inputErrorNaming("no/such/file", "does not exist"),
  );
});
