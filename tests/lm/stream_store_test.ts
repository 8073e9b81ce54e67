import assert from "node:assert/strict";
import { StreamStore } from "../../lib/lm/stream_store.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

for (const where of ["memory", "a file"] as const) {
  Deno.test(`StreamStore gives rows back from ${where}, and what is written over them`, () => {
    using directory = new TemporaryDirectory();
    const maxBytes = where === "memory" ? 24 : 23; // of six numbers
    {
      const scratchDirectory = directory.path;
      using store = new StreamStore({ nodes: 3, width: 2, scratchDirectory, maxBytes });
      const files = where === "memory" ? 0 : 1;
      assert.equal(openScratchFiles(directory.path) ?? files, files);
      store.write(1, Float32Array.of(3, 4, 5, 6));
      store.write(0, Float32Array.of(1, 2));
      assert.deepEqual([...store.read(0, 3)], [1, 2, 3, 4, 5, 6]);
      store.write(1, Float32Array.of(7, 8));
      assert.deepEqual([...store.read(1, 2)], [7, 8, 5, 6]);
    }
    assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  });
}
