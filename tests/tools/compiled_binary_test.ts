import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { InputError } from "../../lib/base/errors.ts";
import { readCompiledBinary } from "../../tools/compiled_binary.ts";

const METADATA = { entrypoint_key: "coact.ts", permissions: { allow_read: [] }, other: 1 };
const DIRECTORY = [
  { Dir: { n: "lib", e: [{ File: { n: "a.ts", o: [0, 3], u: true } }] } },
  { File: { n: "b.bin", o: [3, 2], x: true } },
];

/** What `deno compile` writes, less Deno. */
function section({ web = 0, directory = DIRECTORY as unknown, end = "d3n0l4nd" } = {}): Buffer {
  return Buffer.concat([
    Buffer.from("d3n0l4nd"),
    block(JSON.stringify(METADATA)),
    block("packages"),
    Buffer.from([web, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    block(JSON.stringify(directory)),
    block("onetw"),
    Buffer.from(end),
  ]);
}

function block(text: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, Buffer.from(text)]);
}

/** A binary whose own code holds the magic word, as Deno's does. */
function binary(part: Buffer): Buffer {
  return Buffer.concat([Buffer.from("ELF d3n0l4nd in some code; d3n0l4nd"), part, Buffer.alloc(9)]);
}

Deno.test("readCompiledBinary() finds every file with its bytes", () => {
  const part = section();
  const { entryPoint, permissions, files, section: found } = readCompiledBinary("x", binary(part));
  assert.equal(entryPoint, "coact.ts");
  assert.deepEqual(permissions, { allow_read: [] });
  assert.deepEqual(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]), [
    ["lib/a.ts", "one"],
    ["b.bin", "tw"],
  ]);
  assert.deepEqual(Buffer.from(found), part);
});

const REFUSED: readonly [what: string, binary: Buffer, why: RegExp][] = [
  ["what is no binary of Deno's", Buffer.from("ELF"), /no files are in it/],
  ["one that ends too early", binary(section()).subarray(0, 200), /ends too early/],
  ["one with modules from the web", binary(section({ web: 1 })), /modules from the web/],
  ["one whose end is another", binary(section({ end: "d3n0l4ne" })), /its end is not there/],
  [
    "one with a file outside of it",
    binary(section({ directory: [{ File: { n: "a", o: [4, 2] } }] })),
    /a lies outside/,
  ],
  [
    "one with an entry of another kind",
    binary(section({ directory: [{ Symlink: { n: "a", p: ["b"] } }] })),
    /x is not as deno compile/,
  ],
];
for (const [what, bytes, why] of REFUSED) {
  Deno.test(`readCompiledBinary() refuses ${what}`, () => {
    assert.throws(() => readCompiledBinary("x", bytes), (error) => {
      return error instanceof InputError && why.test(error.message);
    });
  });
}
