/** What is left of a run that is killed while threads read, measure or draw, and what the next run makes of it. */
import { killBusyThreads } from "../support/kill_busy_threads.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

/** Each kind of thread, and how the run ends while one of them is busy. */
const KILLS = [["read", "SIGTERM"], ["measure", "SIGINT"], ["draw", "SIGKILL"]] as const;

Deno.test({
  name: "a run that dies while threads are busy leaves whole files, and the next run completes it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    writeTinyInputs(directory, { layers: [0, 1] });
    await killBusyThreads(directory, KILLS);
  },
});
