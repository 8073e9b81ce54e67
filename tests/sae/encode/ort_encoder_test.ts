/** The encoder on ONNX Runtime: what the machine's cores must not change. */
import assert from "node:assert/strict";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { RELU } from "../../../lib/sae/activation.ts";
import { randomInput } from "./float64_formula.ts";

const ACTIVATIONS = [
  RELU,
  { threshold: 0.5 },
  { threshold: { k: 20, by: "value" }, floor: 0 },
] as const;

Deno.test("OrtEncoder.encode() gives the same bytes with any number of threads", async () => {
  // More features than a run has with 8 threads, and fewer than with 32.
  const { sae, ...input } = randomInput("supervised", { width: 40, freeCount: 9000, slotCount: 5 });
  for (const activation of ACTIVATIONS) {
    const [first, ...others] = await Promise.all([1, 2, 8, 32].map(async (threads) => {
      await using encoder = new OrtEncoder({ backend: "cpu", threads });
      return await encoder.encode({ ...input, sae: { ...sae, activation } });
    }));
    for (const other of others) assert.deepEqual(other, first);
  }
});
