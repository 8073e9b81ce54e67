/**
 * `layer{00}_common_features.json` again, from the consistency of the features on disk.
 *
 *     deno task common_features --layers 6
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, tableCommand } from "../lib/cli/regenerate.ts";

/** The command `common_features`. */
export const commonFeatures: ArtifactCommand = tableCommand({
  name: "common_features",
  artifact: async () =>
    (await import("../lib/results/artifacts/common_features.ts")).commonFeatures,
  summary: "Make layer{00}_common_features.json again, from the consistencies on disk.",
  about: "Neither the language model nor the SAEs are needed. A layer with a traditional SAE has " +
    "no such file.",
  examples: ["deno task common_features --layers 0,6,11"],
});

if (import.meta.main) await runCommand(commonFeatures, import.meta.url);
