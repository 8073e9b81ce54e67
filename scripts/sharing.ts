/**
 * `layer{00}_feature_sharing`: which relations share their best features, from the statistics on disk.
 *
 *     deno task sharing --layers 6
 *
 * @module
 */
import { colorMapOption } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { type SitePictureCommand, sitePictureCommand } from "../lib/cli/statistics_picture.ts";

/** The command `sharing`. */
export const sharing: SitePictureCommand = sitePictureCommand({
  name: "sharing",
  picture: async () => (await import("../lib/pictures/feature_sharing.ts")).sharing,
  summary: "Draw layer{00}_feature_sharing.png: how many of their best features relations share.",
  about: "A cell is the number of features that are on the lists of two relations, from the " +
    "statistics that analyze writes.",
  options: { colormap: colorMapOption() },
  examples: ["deno task sharing --layers 6", "deno task sharing --layers 6 --colormap viridis"],
});

if (import.meta.main) await runCommand(sharing, import.meta.url);
