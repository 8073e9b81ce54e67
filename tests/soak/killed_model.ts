/** A run that is killed as one of killed_threads.ts is, while threads look at a model and run its second half. */
import { killBusyThreads } from "../support/kill_busy_threads.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test({
  name:
    "a run that dies while threads look at a model or run half of it leaves nothing, and the next completes it",
  ignore: Deno.build.os === "windows" || navigator.hardwareConcurrency < 2,
  fn: async () => {
    using directory = new TemporaryDirectory();
    // 64 MiB of weights in the four blocks before layer 4, from which on the model runs as two halves.
    const config = { n_layer: 5, n_inner: 270_000 };
    writeTinyInputs(directory, { layers: [0, 4], model: { config } });
    await killBusyThreads(directory, [["look", "SIGKILL"], ["run", "SIGINT"], [
      "check",
      "SIGTERM",
    ]]);
  },
});
