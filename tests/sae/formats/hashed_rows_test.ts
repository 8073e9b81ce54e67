import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openTensorFile } from "../../../lib/tensors/open_tensor_file.ts";
import { bytesOf, hashedRows } from "../../../lib/sae/formats/hashed_rows.ts";
import { torchFile, torchTensor } from "../../support/torch_file.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";

const VALUES = Float32Array.of(1, 2, 3, 4, 5, 6);

for (const isTransposed of [false, true]) {
  for (const wholeBytes of [0, 24]) {
    const how = `${isTransposed ? "with a column" : "with a row"} for each feature, of which ` +
      `${wholeBytes} bytes are kept`;
    Deno.test(`hashedRows() hashes a matrix ${how}, and gives its features`, async () => {
      using directory = new TemporaryDirectory();
      const content = torchFile({ w: torchTensor("0", [3, 2]) }, { 0: VALUES });
      const file = await openTensorFile(directory.write("w.pt", content));
      const hash = createHash("sha256");
      const matrix = { name: "w", isTransposed, wholeBytes };
      const rows = await hashedRows({ now: file, later: file }, matrix, hash);
      const expected = createHash("sha256").update(bytesOf(VALUES)).digest("hex");
      assert.equal(hash.digest("hex"), expected);
      assert.equal(rows.width, isTransposed ? 3 : 2);
      assert.deepEqual([...await rows.read(1, 1)], isTransposed ? [2, 4, 6] : [3, 4]);
    });
  }
}
