/** What is said of a layer's file that cannot be used. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { readOrRemade } from "../../lib/results/remade.ts";

const failing = (error: Error) => readOrRemade("results", 6, () => Promise.reject(error));

Deno.test("what cannot be read is to be analysed again, unless something else is advised", async () => {
  assert.equal(await readOrRemade("results", 6, () => Promise.resolve(3)), 3);
  await assert.rejects(failing(new InputError("a.npy is truncated")), (error: InputError) => {
    assert.equal(error.message, "a.npy is truncated");
    assert.deepEqual(error.advice, { kind: "analyze", outputDirectory: "results", layers: [6] });
    return true;
  });
  const advised = new InputError("a.npy is there", { advice: { kind: "overwrite" } });
  await assert.rejects(failing(advised), (error) => error === advised);
  const defect = new TypeError("a defect");
  await assert.rejects(failing(defect), (error) => error === defect);
});
