/** A run that is killed as one of killed_threads.ts is, of SAEs of another format. */
import { killBusyThreads } from "../support/kill_busy_threads.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

Deno.test({
  name:
    "a run that dies while a thread reads an SAE of another format leaves whole files, and the next completes it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    writeTinyInputs(directory, { layers: [] });
    writeSaelens(directory, "sae");
    await killBusyThreads(directory, [["read SAE", "SIGTERM"]]);
  },
});
