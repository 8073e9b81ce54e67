import assert from "node:assert/strict";
import { type BlockPoint, FINAL, type Site } from "../../lib/lm/site.ts";
import { StateStore } from "../../lib/lm/state_store.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const at = (point: BlockPoint, block: number): Site => ({ block, point });
const SITES = [at("pre", 1), at("mid", 1), FINAL];

/** A store with two states of width 3 at each site, the numbers of each site others. */
function filled(where: { scratchDirectory?: string; maxBytes?: number } = {}): StateStore {
  const store = new StateStore({ sites: SITES, blockCount: 2, prompts: 2, width: 3, ...where });
  SITES.forEach((site, i) => {
    // not in the order of the prompts, as batches come
    store.set(site, 1, Float32Array.of(10 * i + 4, 10 * i + 5, 10 * i + 6));
    store.set(site, 0, Float32Array.of(10 * i + 1, 10 * i + 2, 10 * i + 3));
  });
  return store;
}

for (const where of ["memory", "a file"] as const) {
  Deno.test(`StateStore gives the states of each site back from ${where}`, () => {
    using directory = new TemporaryDirectory();
    const inFile = { scratchDirectory: directory.path, maxBytes: 3 * 2 * 3 * 4 - 1 };
    using store = filled(where === "memory" ? {} : inFile);
    const files = where === "memory" ? 0 : 1;
    assert.equal(openScratchFiles(directory.path) ?? files, files);
    SITES.forEach((site, i) => {
      const rows = store.at(site);
      assert.deepEqual([rows.count, rows.width], [2, 3]);
      assert.deepEqual([...rows.read(0, 2)], [1, 2, 3, 4, 5, 6].map((n) => 10 * i + n));
      assert.deepEqual([...rows.read(1, 1)], [4, 5, 6].map((n) => 10 * i + n));
    });
  });
}

Deno.test("StateStore knows the sites that are layers by their numbers, too", () => {
  using store = filled();
  assert.deepEqual(store.layer(1).read(0, 1), store.at(at("pre", 1)).read(0, 1));
  assert.deepEqual(store.layer(2).read(0, 1), store.at(FINAL).read(0, 1));
});

Deno.test("StateStore refuses a site that it was not made for, and says which", () => {
  using store = filled();
  assert.throws(() => store.at(at("post", 0)), /no states of post 0/);
  assert.throws(() => store.set(at("pre", 0), 0, new Float32Array(3)), /no states of pre 0/);
});

Deno.test("StateStore uses no file for as many bytes as are allowed in memory", () => {
  using directory = new TemporaryDirectory();
  using _store = filled({ scratchDirectory: directory.path, maxBytes: 3 * 2 * 3 * 4 });
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("StateStore leaves no file behind", () => {
  using directory = new TemporaryDirectory();
  filled({ scratchDirectory: directory.path, maxBytes: 0 })[Symbol.dispose]();
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("StateStore gives a site's memory back and keeps the others'", () => {
  using store = filled();
  store.forget(SITES[0]!);
  assert.deepEqual([...store.at(SITES[1]!).read(0, 1)], [11, 12, 13]);
});
