/**
 * `layer{00}_feature_consistency`: the most consistent features, from the consistencies on disk.
 *
 *     deno task consistency --layers 6
 *
 * @module
 */
import { rankOption } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, pictureCommand } from "../lib/cli/regenerate.ts";

/** The command `consistency`. */
export const consistency: ArtifactCommand = pictureCommand({
  name: "consistency",
  artifact: async () => (await import("../lib/pictures/feature_consistency.ts")).consistency,
  summary: "Draw layer{00}_feature_consistency.png: the 100 most consistent features.",
  about:
    "From the consistencies on disk; neither the language model nor the SAEs are needed. The " +
    "features are the most consistent and the most selective ones of each relation, or with " +
    "--rank mean those with the highest mean over the relations; none is zero everywhere. A layer " +
    "with a traditional SAE has no such picture.",
  options: { rank: rankOption() },
  examples: ["deno task consistency --layers 6", "deno task consistency --layers 6 --rank mean"],
});

if (import.meta.main) await runCommand(consistency, import.meta.url);
