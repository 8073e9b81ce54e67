/** Models in two halves at the same time against the same models at once: the same bytes. */
import assert from "node:assert/strict";
import { SessionThread } from "../../lib/compute/session_thread.ts";
import { halvesOf, runHalves, runsInHalves } from "../../lib/lm/run_halves.ts";
import { runStages, type StagesRun } from "../../lib/lm/run_stages.ts";
import type { StagesInput } from "../../lib/lm/stage_parts.ts";
import { wholeModel } from "../../lib/lm/stages.ts";
import { inputError } from "../support/input_errors.ts";
import { ARCHITECTURES, openStaged, statesOf } from "../support/staged_run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const runtime = { backend: "cpu", threads: 2 } as const;

async function inHalves(input: StagesInput, run: StagesRun): Promise<void> {
  using thread = SessionThread.start();
  await runHalves(input, run, thread!);
}

// parallel residual; sliding windows; rotary positions: what goes from half to half
for (const name of ["gpt_neox", "gemma2", "llama"]) {
  Deno.test(`runHalves() gives ${name} as at once, to the last bit`, async () => {
    const input = await openStaged(`${ARCHITECTURES}/${name}`, (sites) => sites);
    for (const everyToken of [false, true]) {
      const each = { ...input, everyToken };
      const whole = wholeModel(input.decoder, input.sites);
      const atOnce = await statesOf(each, { stages: [whole], runtime }, runStages);
      const halved = await statesOf(each, { stages: halvesOf(whole), runtime }, inHalves);
      assert.deepEqual(halved, atOnce);
    }
  });
}

Deno.test("runHalves() gives sites of the second half alone", async () => {
  const input = await openStaged(
    `${ARCHITECTURES}/llama`,
    (sites) => sites.filter(({ point }) => point === "final"),
  );
  const whole = wholeModel(input.decoder, input.sites);
  assert.deepEqual(
    await statesOf(input, { stages: halvesOf(whole), runtime }, inHalves),
    await statesOf(input, { stages: [whole], runtime }, runStages),
  );
});

Deno.test("runHalves() names a weight that is not finite", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values[2] = NaN,
  });
  const input = await openStaged(path, (sites) => sites);
  const stages = halvesOf(wholeModel(input.decoder, input.sites));
  await assert.rejects(
    statesOf(input, { stages, runtime }, inHalves),
    inputError(/tensor transformer\.h\.1\.mlp\.c_fc\.weight holds NaN at position 2/),
  );
});

Deno.test("runHalves() ends with a line where the thread is gone", async () => {
  const input = await openStaged(`${ARCHITECTURES}/llama`, (sites) => sites);
  const stages = halvesOf(wholeModel(input.decoder, input.sites));
  await assert.rejects(
    statesOf(input, { stages, runtime }, async (input, run) => {
      using thread = SessionThread.start();
      thread![Symbol.dispose]();
      await runHalves(input, run, thread!);
    }),
    inputError(/the thread of ONNX Runtime has ended/),
  );
});

Deno.test("halvesOf() gives the second half one more of an odd number of blocks", () => {
  assert.deepEqual(halvesOf({ first: 0, end: 12 }), [{ first: 0, end: 6 }, { first: 6, end: 12 }]);
  assert.deepEqual(halvesOf({ first: 0, end: 7 }), [{ first: 0, end: 3 }, { first: 3, end: 7 }]);
});

Deno.test("runsInHalves() takes native code with two threads or more, and models worth a thread", async () => {
  const input = await openStaged(`${ARCHITECTURES}/llama`, (sites) => sites);
  const { tensor } = input.weights.get(input.decoder.embedding.tokens)!;
  const table = { ...tensor, shape: [2 ** 24, 1], dataType: "float32" } as typeof tensor; // 64 MiB
  const weights = new Map([...input.weights].map(([name, source]) => {
    return [name, name === input.decoder.embedding.tokens ? { ...source, tensor: table } : source];
  }));
  const large = { ...input, weights };
  const deep = [{ first: 0, end: 4 }];
  const shallow = [{ first: 0, end: 3 }];
  assert.equal(runsInHalves(large, deep, runtime), true);
  assert.equal(runsInHalves(large, shallow, runtime), false);
  assert.equal(runsInHalves(large, halvesOf(deep[0]!), runtime), false); // for want of memory
  assert.equal(runsInHalves(input, deep, runtime), false);
  assert.equal(runsInHalves(large, deep, { ...runtime, threads: 1 }), false);
  assert.equal(runsInHalves(large, deep, { ...runtime, backend: "wasm" }), false);
});
