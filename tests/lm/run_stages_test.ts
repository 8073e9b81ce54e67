/** Models block by block against the same models at once: the same bytes. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import type { OrtRuntime } from "../../lib/compute/ort_session.ts";
import { SessionThread } from "../../lib/compute/session_thread.ts";
import type { Stage } from "../../lib/lm/decoder_depth.ts";
import { runStages, type StagesRun } from "../../lib/lm/run_stages.ts";
import { siteText } from "../../lib/lm/site.ts";
import type { StagesInput } from "../../lib/lm/stage_parts.ts";
import { blockByBlock, wholeModel } from "../../lib/lm/stages.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { ARCHITECTURES, openStaged, STAGED_PROMPTS, statesOf } from "../support/staged_run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const NAMES = [...Deno.readDirSync(ARCHITECTURES)].filter(({ isDirectory }) => isDirectory)
  .map(({ name }) => name).sort();

function run(
  input: StagesInput,
  stages: readonly Stage[],
  runtime: OrtRuntime,
  options: Partial<StagesRun> = {},
): Promise<Map<string, Float32Array>> {
  return statesOf(input, { stages, runtime, ...options }, runStages);
}

/** A GPU made of software prepares its programs for each length. */
const OF_ONE_LENGTH = STAGED_PROMPTS.filter(({ length }) => length === 3);

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const name of NAMES) {
    // a program is slow on a GPU made of software; WebAssembly takes the same way
    if (device === "gpu" && name !== "llama") continue;
    if (device === "wasm" && !["gemma2", "gpt_neox"].includes(name)) continue;
    Deno.test({
      name: `runStages() gives ${name} block by block as at once, to the last bit, on ${device}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using directory = new TemporaryDirectory();
        using computing = await openDevice(device);
        const { runtime } = computing;
        const isSlow = device === "gpu";
        const opened = await openStaged(
          `${ARCHITECTURES}/${name}`,
          (sites) => sites.filter((site) => !isSlow || siteText(site) === "post 1"),
        );
        const input = isSlow ? { ...opened, prompts: OF_ONE_LENGTH } : opened;
        const { decoder, sites, prompts } = input;
        const atOnce = await run(input, [wholeModel(decoder, sites)], runtime);
        const streamed = await run(
          input,
          blockByBlock(decoder, sites),
          runtime,
          device === "cpu" ? { scratchDirectory: directory.path } : {},
        );
        assert.equal(atOnce.size, sites.length * prompts.length);
        assert.deepEqual(streamed, atOnce);
        assert.deepEqual([...Deno.readDirSync(directory.path)], []); // no file of the stream is left
      },
    });
  }
}

Deno.test("runStages() ends at any site", async () => {
  for (const name of ["gpt_neox", "qwen3"]) {
    const { sites } = await openStaged(
      `${ARCHITECTURES}/${name}`,
      // those of a block in between; of one model, whose blocks are not parallel, what is after all
      (sites) => sites.filter((site) => "block" in site ? site.block === 1 : name === "qwen3"),
    );
    assert(sites.length >= 4);
    for (const site of sites) {
      const input = await openStaged(`${ARCHITECTURES}/${name}`, () => [site]);
      const runtime = { backend: "cpu", threads: 1 } as const;
      const atOnce = await run(input, [wholeModel(input.decoder, [site])], runtime);
      const streamed = await run(input, blockByBlock(input.decoder, [site]), runtime);
      assert.equal(atOnce.size, STAGED_PROMPTS.length);
      assert.deepEqual(streamed, atOnce, siteText(site));
    }
  }
});

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`runStages() lets a thread look at the weights while the session is made, on ${backend}`, async () => {
    const input = await openStaged(`${ARCHITECTURES}/llama`, (sites) => sites);
    const runtime = { backend, threads: 1 } as const;
    const stages = [wholeModel(input.decoder, input.sites)];
    const [table] = [input.decoder.embedding.tokens];
    const { file } = input.weights.get(table)!;
    const read = file.read.bind(file);
    let reads = 0;
    file.read = (name) => {
      reads++;
      return read(name);
    };
    const apart = await run(input, stages, runtime, { lookApartBytes: 0 });
    // Of the table of tokens, WebAssembly is handed the rows of the prompts' only.
    const ofTokens = backend === "wasm" ? 1 : 0;
    assert.equal(reads, ofTokens, "this thread reads no other weight");
    assert.deepEqual(apart, await run(input, stages, runtime));
    assert.equal(reads > 1, backend === "wasm");
  });
}

Deno.test("runStages() gives the same bytes where a thread runs the model, whose memory is given back later", async () => {
  const input = await openStaged(`${ARCHITECTURES}/llama`, (sites) => sites);
  const runtime = { backend: "cpu", threads: 1 } as const;
  const whole = [wholeModel(input.decoder, input.sites)];
  const blocks = blockByBlock(input.decoder, input.sites);
  const expected = await run(input, whole, runtime, { maxBatchNodes: 8 });
  using thread = SessionThread.start()!; // it has one session after the other
  const released: Promise<void>[] = [];
  const options: Partial<StagesRun> = {
    thread,
    maxBatchNodes: 8,
    releasedLater: (later) => released.push(later),
  };
  assert.deepEqual(await run(input, whole, runtime, options), expected);
  assert.equal(released.length, 1);
  assert.deepEqual(await run(input, blocks, runtime, options), expected);
  assert.equal(released.length, 1, "block by block, each is given back before the next is made");
  await Promise.all(released);
});

Deno.test("runStages() has a thread begin with a batch before it looks at the states of the one before", async () => {
  const input = await openStaged(`${ARCHITECTURES}/llama`, (sites) => sites);
  const events: string[] = [];
  let begun = 0;
  using real = SessionThread.start()!;
  const open: SessionThread["open"] = async (...asked) => {
    const session = await real.open(...asked);
    const run: typeof session.run = (feeds) => {
      events.push(`begin ${begun++}`);
      return session.run(feeds);
    };
    return { ...session, run };
  };
  let seen = 0;
  await runStages(input, {
    stages: [wholeModel(input.decoder, input.sites)],
    runtime: { backend: "cpu", threads: 1 },
    thread: { open },
    maxBatchNodes: 8,
    onReady: () => {},
    onProgress: () => {},
    onStates: () => void events.push(`states ${seen++}`),
  });
  const numbers = Array.from({ length: begun - 1 }, (_, i) => i);
  const between = numbers.flatMap((i) => [`begin ${i + 1}`, `states ${i}`]);
  assert(begun > 2);
  assert.deepEqual(events, ["begin 0", ...between, `states ${begun - 1}`]);
});

Deno.test("runStages() names a weight that is not finite, whichever thread looked at it", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values[2] = NaN,
  });
  const input = await openStaged(path, (sites) => sites);
  const whole = [wholeModel(input.decoder, input.sites)];
  for (
    const [backend, stages] of [
      ["cpu", whole],
      ["wasm", whole],
      ["cpu", blockByBlock(input.decoder, input.sites)],
    ] as const
  ) {
    await assert.rejects(
      run(input, stages, { backend, threads: 1 }, { lookApartBytes: 0 }),
      inputError(/tensor transformer\.h\.1\.mlp\.c_fc\.weight holds NaN at position 2/),
    );
  }
});
