/**
 * `layer{00}_top50_free_features`: the free features that tell most of the relations, from the
 * activation matrices on disk.
 *
 *     deno task top --layers 6 --top_k_features 50
 *
 * @module
 */
import { rankOption, topFeaturesOption } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, pictureCommand } from "../lib/cli/regenerate.ts";

/** The command `top`. */
export const top: ArtifactCommand = pictureCommand({
  name: "top",
  artifact: async () => (await import("../lib/pictures/top_features.ts")).top,
  summary: "Draw layer{00}_top50_free_features.png: the free features that tell most.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. The " +
    "features are the strongest and the most selective ones of each relation, or with --rank mean " +
    "those with the highest mean over the relations. The number in the file's name is that of " +
    "--top_k_features, or of the free features if there are fewer.",
  options: { top_k_features: topFeaturesOption(), rank: rankOption() },
  examples: [
    "deno task top --layers 6 --top_k_features 50",
    "deno task top --layers 6 --top_k_features 20 --dpi 300",
    "deno task top --layers 6 --rank mean",
  ],
});

if (import.meta.main) await runCommand(top, import.meta.url);
