/**
 * `layer{00}_dense_activation_heatmap`: all features, from the activation matrices on disk.
 *
 *     deno task dense --layers 6
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, pictureCommand } from "../lib/cli/regenerate.ts";

/** The command `dense`. */
export const dense: ArtifactCommand = pictureCommand({
  name: "dense",
  artifact: async () => (await import("../lib/pictures/dense_activation.ts")).dense,
  summary: "Draw layer{00}_dense_activation_heatmap.png: all features, for each relation.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. Where " +
    "several features share a pixel, the strongest is drawn. The slots have a strip of their own.",
  examples: [
    "deno task dense --layers 6",
    "deno task dense --layers 0,6,11 --reference_colors --format png,svg,pdf",
  ],
});

if (import.meta.main) await runCommand(dense, import.meta.url);
