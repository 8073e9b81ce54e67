/**
 * `all_layers_emergence`: from which layer on each relation can be told apart, from the statistics on
 * disk.
 *
 *     deno task emergence
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type RunPictureCommand, runPictureCommand } from "../lib/cli/statistics_picture.ts";

/** The command `emergence`. */
export const emergence: RunPictureCommand = runPictureCommand({
  name: "emergence",
  picture: async () => (await import("../lib/pictures/emergence.ts")).emergenceOverLayers,
  summary: "Draw all_layers_emergence.png: from which layer on each relation can be told apart.",
  about:
    "A panel a relation: the AUROC of its slot and of its best free feature over the layers, with " +
    "intervals over persons. The feature is chosen on one half of the persons and shown on the other.",
  examples: ["deno task emergence", "deno task emergence --layers 0-6 --format svg"],
});

if (import.meta.main) await runCommand(emergence, import.meta.url);
