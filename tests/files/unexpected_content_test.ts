import { deepEqual, equal, match } from "node:assert/strict";
import {
  describeUnexpected,
  type ExpectedContent,
  findUnexpectedContent,
  findUnfinishedDownload,
} from "../../lib/files/unexpected_content.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { bytesSource } from "../support/bytes_source.ts";

const POINTER = "version https://git-lfs.github.com/spec/v1\n" +
  "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
const HEADER = "\x1a\0\0\0\0\0\0\0{}";
const ALL: ExpectedContent[] = ["zip", "safetensors", "json", "text"];

function describe(content: string | Uint8Array, expected: ExpectedContent): string | undefined {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return describeUnexpected(bytes, Math.max(bytes.length, 100 * Math.sign(bytes.length)), expected);
}

for (
  const [what, content, cause] of [
    ["a Git LFS pointer", POINTER, /^is a Git LFS pointer.*git lfs pull/],
    ["a pointer with a byte-order mark", `\ufeff${POINTER}`, /^is a Git LFS pointer/],
    ["a pointer of Git LFS's first days", POINTER.replace("git-lfs", "hawser"), /Git LFS pointer/],
    ["a web page", "\n  <!DOCTYPE html>\n<html><head>", /^is a web page \(HTML\)/],
    ["a web page without a declaration", '<html class="">', /^is a web page \(HTML\)/],
    ["a web page after a comment", "<!-- x\n --><HTML>", /^is a web page \(HTML\)/],
    ["a server's refusal", '<?xml version="1.0"?><Error><Code>AccessDenied', /^is an XML text/],
    ["an empty file", "", /^is empty/],
    ["zeros", new Uint8Array(64), /^begins with nothing but zeros/],
    ["a gzip archive", Uint8Array.of(0x1f, 0x8b, 8, 0), /^is a gzip archive, expected/],
    ["a GGUF file", "GGUF\x03\0\0\0", /^is a GGUF file, expected/],
  ] as const
) {
  Deno.test(`describeUnexpected() knows ${what} in any file's place`, () => {
    for (const expected of ALL) match(describe(content, expected) ?? "nothing", cause);
  });
}

Deno.test("describeUnexpected() tells weight files of different formats apart", () => {
  equal(describe("PK\x03\x04", "zip"), undefined);
  equal(describe("PK\x03\x04", "safetensors"), "is a zip archive, expected a safetensors file");
  equal(describe(HEADER, "safetensors"), undefined);
  equal(describe(HEADER, "zip"), "is a safetensors file, expected what torch.save writes");
  equal(describe(HEADER, "json"), "is a safetensors file, expected JSON");
});

Deno.test("describeUnexpected() quotes a text that stands where tensors were expected", () => {
  const text = '{"error": "Repository not found"}';
  deepEqual(ALL.map((expected) => describe(text, expected)?.slice(0, 39)), [
    'is a text that begins with "{\\"error\\":',
    'is a text that begins with "{\\"error\\":',
    undefined,
    undefined,
  ]);
});

Deno.test("describeUnexpected() has nothing against bytes that it does not know", () => {
  for (const expected of ALL) equal(describe(Uint8Array.of(0x80, 2, 0x7d, 1), expected), undefined);
});

Deno.test("findUnexpectedContent() reads the beginning of a file, and no more", async () => {
  const source = bytesSource("sae.pt", new TextEncoder().encode(POINTER + " ".repeat(10_000)));
  const read: number[] = [];
  const counting = {
    ...source,
    read: (start: number, end: number) => {
      read.push(end - start);
      return source.read(start, end);
    },
  };
  match(await findUnexpectedContent(counting, "zip") ?? "", /Git LFS/);
  deepEqual(read, [1024]);
});

for (
  const [what, unfinished] of [
    ["of huggingface_hub's older kind", "sae_best.pt.incomplete"],
    ["of a browser", "sae_best.pt.crdownload"],
    ["of aria2", "sae_best.pt.aria2"],
    [
      "with local_dir",
      ".cache/huggingface/download/sae_best.pt.4d7a214614ab2935.incomplete",
    ],
  ] as const
) {
  Deno.test(`findUnfinishedDownload() finds one ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write(unfinished, "PK");
    equal(await findUnfinishedDownload(`${directory.path}/sae_best.pt`), path);
    equal(await findUnfinishedDownload(`${directory.path}/sae_final.pt`), undefined);
  });
}

Deno.test("findUnfinishedDownload() follows the link from a snapshot to what is missing", async () => {
  using directory = new TemporaryDirectory();
  directory.write("blobs/4d7a.incomplete", "PK");
  directory.write("snapshots/main/config.json", "{}");
  const path = `${directory.path}/snapshots/main/sae_best.pt`;
  Deno.symlinkSync("../../blobs/4d7a", path);
  equal(
    await findUnfinishedDownload(path),
    `${directory.path}/snapshots/main/../../blobs/4d7a.incomplete`,
  );
});
