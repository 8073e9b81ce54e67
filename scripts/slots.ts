/**
 * `layer{00}_relation_slots_only`: the slots, from the activation matrices on disk.
 *
 *     deno task slots --layers 6
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, pictureCommand } from "../lib/cli/regenerate.ts";

/** The command `slots`. */
export const slots: ArtifactCommand = pictureCommand({
  name: "slots",
  artifact: async () => (await import("../lib/pictures/relation_slots.ts")).slots,
  summary: "Draw layer{00}_relation_slots_only.png: the relation slots, with their numbers.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. A " +
    "layer with a traditional SAE has no such picture.",
  examples: ["deno task slots --layers 6", "deno task slots --colormap PuOr_r --format pdf"],
});

if (import.meta.main) await runCommand(slots, import.meta.url);
