/** Every backend against a float64 computation of the same formulas. */
import assert from "node:assert/strict";
import { openDevice } from "../../../lib/compute/device.ts";
import { loadNativeRuntime } from "../../../lib/compute/native_runtime.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { LINEAR } from "../../../lib/sae/activation.ts";
import { createEncoder, encodeChecked } from "../../../lib/sae/encode/create_encoder.ts";
import { expectsGpu } from "../../support/gpu.ts";
import { inputError } from "../../support/input_errors.ts";
import {
  ACTIVATIONS,
  checkEncoded,
  inputWith,
  inputWithTies,
  randomInput,
  targetsFrom,
  TOLERANCE,
} from "./float64_formula.ts";

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const kind of ["supervised", "traditional"] as const) {
    Deno.test({
      name: `Encoder.encode() agrees with float64 on ${device}, ${kind} SAE`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        const input = randomInput(kind);
        const error = await checkEncoded(input, await encoder.encode(input));
        console.log(`${encoder.backend}: sums, maxima and slots within ${error.toExponential(1)}`);
        assert(error < TOLERANCE);
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() handles one free feature, one slot and width 1 on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const input = randomInput("supervised", { width: 1, freeCount: 1, slotCount: 1 });
      assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });

  if (device === "gpu") continue; // its chunks have a test of their own
  Deno.test({
    name: `Encoder.encode() handles more features than fit into one chunk on ${device}`,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const input = randomInput("supervised", { width: 2, freeCount: 4096 + 5, slotCount: 20 });
      assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });
}

/**
 * Activations from which a shader is written that others give, too, if with other numbers: on a GPU
 * made of software each takes its time.
 */
const OF_OTHER_SHADERS = [
  ...["linear", "ReLU", "JumpReLU", "a floor alone", "a scale and one threshold"],
  ...["top-1, signed", "top-k of nearly all", "top-k of each of two groups"],
];
assert.deepEqual(OF_OTHER_SHADERS.filter((name) => !Object.hasOwn(ACTIVATIONS, name)), []);

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const [name, make] of Object.entries(ACTIVATIONS)) {
    if (device === "gpu" && OF_OTHER_SHADERS.includes(name)) continue;
    Deno.test({
      name: `Encoder.encode() agrees with float64 on ${device}, ${name}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        const input = inputWith(make(138), targetsFrom({ first: 131, count: 7 }));
        const encoded = await encodeChecked(encoder, input, { what: "it", device });
        // Activations of one sign make sums of up to 300, which float32 keeps to 300 × 300 / 2 ** 24.
        assert(await checkEncoded(input, encoded) < 4 * TOLERANCE);
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() keeps targets wherever they are on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const [first, count] of [[0, 5], [60, 9], [0, 138]] as const) {
        const input = inputWith(LINEAR, targetsFrom({ first, count }));
        assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
      }
    },
  });
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const by of ["value", "magnitude"] as const) {
    Deno.test({
      name: `Encoder.encode() keeps the lower of features that tie on ${device}, top-k by ${by}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        // 63, 65: among those that are 0, by value; a GPU made of software is slow
        for (const k of device === "gpu" ? [4, 65] : [1, 4, 63, 65, 120]) {
          const input = await inputWithTies({ threshold: { k, by } });
          const encoded = await encodeChecked(encoder, input, { what: "it", device });
          assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, `k ${k}`);
        }
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() keeps targets that are no neighbours on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const targets = [130, 2, 77, 78, 2].map((feature, group) => ({ feature, group }));
      for (const name of device === "gpu" ? ["gated"] : ["linear", "gated", "top-k"]) {
        const input = inputWith(ACTIVATIONS[name]!(138), targets);
        const encoded = await encodeChecked(encoder, input, { what: "it", device });
        assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, name);
      }
      const { sae, ...rest } = await inputWithTies({ threshold: { k: 4, by: "value" } });
      const input = { ...rest, sae: { ...sae, targets } };
      const encoded = await encodeChecked(encoder, input, { what: "it", device });
      assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, "ties");
    },
  });

  Deno.test({
    name: `Encoder.encode() takes hidden states through the input steps on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const { hidden, ...rest } = inputWith(LINEAR, targetsFrom({ first: 131, count: 7 }));
      const sae = { ...rest.sae, input: [{ kind: "scale", factor: 3 }] as const };
      const encoded = await encodeChecked(encoder, { ...rest, hidden, sae }, {
        what: "it",
        device,
      });
      const tripled = rowsInMemory(hidden.read(0, hidden.count).map((x) => 3 * x), hidden.width);
      assert(await checkEncoded({ ...rest, hidden: tripled }, encoded) < 4 * TOLERANCE);
    },
  });

  Deno.test({
    name: `Encoder.encode() refuses to keep more features than there are on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const k of [0, 1.5, 139]) {
        const input = inputWith({ threshold: { k, by: "value" } }, []);
        await assert.rejects(encoder.encode(input), RangeError);
      }
    },
  });
}

Deno.test("Encoder.encode() refuses segments and features that there are not", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const input = randomInput("supervised");
  await assert.rejects(encoder.encode({ ...input, segments: [0] }), RangeError);
  await assert.rejects(encoder.encode({ ...input, kept: [138] }), /keep feature 138 of 138/);
  await assert.rejects(encoder.encode({ ...input, kept: { first: 130, count: 9 } }), RangeError);
});

Deno.test("Encoder.encode() refuses hidden states that do not fit the groups", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const input = randomInput("supervised");
  await assert.rejects(encoder.encode({ ...input, groupSizes: [3] }), RangeError);
});

Deno.test("Encoder.encode() says why a session cannot be made, and disposal does not hide it", async () => {
  const { InferenceSession } = await loadNativeRuntime();
  const { create } = InferenceSession;
  InferenceSession.create = () => Promise.reject(new Error("bad allocation"));
  try {
    await assert.rejects(
      async () => {
        using device = await openDevice("cpu");
        await using encoder = createEncoder(device);
        await encoder.encode(randomInput("supervised"));
      },
      inputError("ONNX Runtime on cpu failed: bad allocation; another --device may do"),
    );
  } finally {
    InferenceSession.create = create;
  }
});
