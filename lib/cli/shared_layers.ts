/**
 * The layers that two runs have in common, and how they are asked for.
 *
 * @module
 */
import { compareSites, isSameSite, type Site, siteText } from "../lm/site.ts";
import { type LayerName, siteOfName } from "../results/layer_name.ts";

/**
 * How the command line names what both runs hold: `--layers 0,6`, `--sites pre:0,post:5`. A site is
 * named with all of its SAEs, so that one of which the runs hold different SAEs cannot be.
 *
 * @returns Undefined if there is no site of which both hold the same.
 */
export function sharedOption(
  first: readonly LayerName[],
  second: readonly LayerName[],
): string | undefined {
  const all = [...first, ...second];
  const both = all.filter((layer) => {
    const together = all.filter((other) => isSameSite(siteOfName(other), siteOfName(layer)));
    return together.every((other) => first.includes(other) && second.includes(other));
  });
  if (both.length === 0) return undefined;
  if (both.every((layer) => typeof layer === "number")) {
    return `--layers ${[...new Set(both)].join(",")}`;
  }
  const sites = both.map(siteOfName).sort(compareSites);
  return `--sites ${[...new Set(sites.map(written))].join(",")}`;
}

function written(site: Site): string {
  return siteText(site).replace(" ", ":");
}
