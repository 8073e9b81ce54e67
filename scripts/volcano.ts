/**
 * `layer{00}_selectivity_volcano`: how selective each feature is, and how sure that is, from the
 * statistics on disk.
 *
 *     deno task volcano --layers 6
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type SitePictureCommand, sitePictureCommand } from "../lib/cli/statistics_picture.ts";

/** The command `volcano`. */
export const volcano: SitePictureCommand = sitePictureCommand({
  name: "volcano",
  picture: async () => (await import("../lib/pictures/volcano.ts")).volcano,
  summary: "Draw layer{00}_selectivity_volcano.png: each feature's AUROC against its q.",
  about:
    "A panel a relation, from the statistics that analyze writes. q is over all layers that were " +
    "measured together, whichever are drawn.",
  examples: ["deno task volcano --layers 6", "deno task volcano --layers 0,6 --format png,svg"],
});

if (import.meta.main) await runCommand(volcano, import.meta.url);
