/** How many threads compute changes no number. */
import assert from "node:assert/strict";
import { hashesWith } from "../support/compute_with_threads.ts";
import { ROOT } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

/** Three divide what there is unevenly; WebAssembly takes its threads once a process, which takes long. */
const THREADS = { cpu: [1, 3, 8], wasm: [1, 3] } as const;

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`hidden states and moments are the same bytes with any number of threads on ${backend}`, async () => {
    using directory = new TemporaryDirectory();
    const config = { n_embd: 260, n_inner: 300, n_layer: 2 };
    const { directory: model } = writeTinyModel(directory, { config });
    const hashes = backend === "cpu" ? hashesWith : hashesOfProcess;
    const [alone, ...others] = await Promise.all(
      THREADS[backend].map((threads) => hashes(backend, threads, model)),
    );
    assert.equal(alone!.length, 6);
    for (const together of others) assert.deepEqual(together, alone);
  });
}

/** What compute_with_threads.ts prints, line by line. */
async function hashesOfProcess(backend: string, threads: number, model: string): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--cached-only", "--no-prompt", "--config", `${ROOT}/deno.json`],
      ...["--allow-read", "--allow-ffi", "--allow-env"],
      "--v8-flags=--wasm-tiering-budget=130000000", // as the tests themselves: it runs for a moment
      ...[`${ROOT}/tests/support/compute_with_threads.ts`, backend, String(threads), model],
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout).trim().split("\n");
}
