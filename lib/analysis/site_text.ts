/**
 * What a site is called in tables.
 *
 * @module
 */
import { FINAL, type Site } from "../lm/site.ts";

/** The site of a planned SAE, as in the column `site`: `pre 6`. */
export function siteOfLayerText({ site }: { readonly site: Site }): string {
  return site.point === "final" ? FINAL.point : `${site.point} ${site.block}`;
}
