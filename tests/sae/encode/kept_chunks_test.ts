/** Which chunks of an encoder stay, and when they are destroyed. */
import assert from "node:assert/strict";
import { KEPT_BYTES, KeptChunks, usualKeptBytes } from "../../../lib/sae/encode/kept_chunks.ts";

/** Keeps chunks of 10 bytes, and tells what became of them. */
function fakeChunks(mostBytes: number) {
  const events: string[] = [];
  const chunks = new KeptChunks(mostBytes);
  const use = (first: number, isLast = false) => {
    const make = () => {
      events.push(`make ${first}`);
      const destroy = () => events.push(`destroy ${first}`);
      return Promise.resolve({ size: 10, destroy } as unknown as GPUBuffer);
    };
    return chunks.use(first, { isLast, make }, (_, isNew) => {
      events.push(`use ${first}${isNew ? ", new" : ""}`);
      return Promise.resolve(first);
    });
  };
  return { chunks, events, use };
}

Deno.test("KeptChunks keeps the first chunks that fit, and makes the others each time", async () => {
  const { chunks, events, use } = fakeChunks(15);
  assert.equal(await use(0), 0);
  await use(1);
  await use(0);
  await use(1);
  assert.deepEqual(events.splice(0), [
    ...["make 0", "use 0, new"],
    ...["make 1", "use 1, new", "destroy 1"],
    ...["use 0"],
    ...["make 1", "use 1, new", "destroy 1"],
  ]);
  chunks[Symbol.dispose]();
  assert.deepEqual(events, ["destroy 0"]);
});

Deno.test("KeptChunks destroys a chunk after its last use, and has room for another then", async () => {
  const { chunks, events, use } = fakeChunks(10);
  await use(0);
  await use(0, true);
  await use(1);
  await use(1, true);
  assert.deepEqual(events.splice(0), [
    ...["make 0", "use 0, new", "use 0", "destroy 0"],
    ...["make 1", "use 1, new", "use 1", "destroy 1"],
  ]);
  chunks[Symbol.dispose]();
  assert.deepEqual(events, []);
});

Deno.test("KeptChunks keeps nothing that is used once, or without room", async () => {
  const once = fakeChunks(10);
  await once.use(0, true);
  assert.deepEqual(once.events, ["make 0", "use 0, new", "destroy 0"]);
  assert(!once.chunks.hasKept);
  const none = fakeChunks(0);
  await none.use(0);
  assert.deepEqual(none.events, ["make 0", "use 0, new", "destroy 0"]);
  assert(!none.chunks.hasKept);
});

Deno.test("KeptChunks has kept something even when it is destroyed already", async () => {
  const { chunks, use } = fakeChunks(10);
  await use(0);
  await use(0, true);
  assert(chunks.hasKept);
});

for (const mostBytes of [0, 10]) {
  Deno.test(`KeptChunks destroys a chunk once whose use fails, of ${mostBytes} bytes`, async () => {
    let destroyed = 0;
    {
      using chunks = new KeptChunks(mostBytes);
      const chunk = { size: 10, destroy: () => destroyed++ } as unknown as GPUBuffer;
      const use = { isLast: false, make: () => Promise.resolve(chunk) };
      const failing = () => Promise.reject(new Error("it failed"));
      await assert.rejects(chunks.use(0, use, failing), /it failed/);
    }
    assert.equal(destroyed, 1);
  });
}

Deno.test("2 GiB are kept on a card, nothing by a program or in the machine's memory", () => {
  assert.equal(KEPT_BYTES, 2 * 2 ** 30);
  assert.equal(usualKeptBytes({ isSoftware: false, name: "NVIDIA H200" }), KEPT_BYTES);
  assert.equal(usualKeptBytes({ isSoftware: true, name: "llvmpipe (LLVM 15.0.6)" }), 0);
  const shared = [
    "Intel(R) UHD Graphics 620",
    "Apple M3 Max",
    "AMD Radeon 780M Graphics",
    "AMD Radeon 8060S",
    "Intel(R) Arc(TM) Graphics (MTL)",
    "NVIDIA GB10",
  ];
  for (const name of shared) assert.equal(usualKeptBytes({ isSoftware: false, name }), 0, name);
  const cards = [
    "Intel(R) Arc(TM) A770 Graphics",
    "AMD Radeon RX 7900 XTX",
    "NVIDIA GeForce RTX 4070",
  ];
  for (const name of cards) {
    assert.equal(usualKeptBytes({ isSoftware: false, name }), KEPT_BYTES, name);
  }
});
