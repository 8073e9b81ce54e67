/**
 * What the names of folders say of the SAEs in them.
 *
 * @module
 */
import { isSameSite, siteText } from "../../lm/site.ts";
import { siteOfHook } from "../../sae/formats/hook_site.ts";
import type { OpenedSae } from "../../sae/formats/format.ts";

/** The longest label, in characters. */
const LONGEST_LABEL = 80;

/**
 * What tells SAEs apart that read one site: the parts of their paths that they do not all have,
 * `average_l0_82`, in letters that file names may have.
 *
 * @param root What they were found in.
 * @param paths Their paths.
 * @returns A label for each, all different; undefined for a single one.
 */
export function labelsOf(root: string, paths: readonly string[]): (string | undefined)[] {
  if (paths.length === 1) return [undefined];
  const parts = paths.map((path) =>
    path.slice(path.startsWith(root) ? root.length : 0).split(/[/\\]/).filter((part) => part !== "")
  );
  const given = new Set<string>();
  return parts.map((own) => {
    const special = own.filter((part) => !parts.every((others) => others.includes(part)));
    const text = special.join("_").replaceAll(/[^A-Za-z0-9.+-]+/g, "_").replaceAll(/^_+|_+$/g, "")
      .slice(0, LONGEST_LABEL);
    let label = text === "" ? "this" : text;
    for (let i = 2; given.has(label); i++) label = `${text}_${i}`;
    given.add(label);
    return label;
  });
}

/** Numbers of layers in names: `layer_12`, `resid_post_layer_3`, `layers.10`, `h.3.mlp`. */
const NUMBERED = /(?:^|[._-])(?:layers?|blocks|h)[._-]?(\d{1,3})(?:[._-]|$)/;

/**
 * What to say if the folder of an SAE names another layer than its files do; undefined if they agree,
 * or one of them says nothing. The nearest folder with a number counts.
 */
export function folderConflict(
  { path, site, siteInWords }: Pick<OpenedSae, "path" | "site" | "siteInWords">,
): string | undefined {
  if (site === undefined || site.point === "final" || siteInWords === undefined) return undefined;
  const name = path.split(/[/\\]/).reverse().find((part) => NUMBERED.test(part));
  if (name === undefined) return undefined;
  const said = siteOfHook(name);
  const agrees = said === undefined
    ? Number(NUMBERED.exec(name)![1]) === site.block
    : isSameSite(said, site);
  if (agrees) return undefined;
  return `${path} contradicts itself: the name ${name} says ${
    said === undefined ? `layer ${Number(NUMBERED.exec(name)![1])}` : siteText(said)
  }, its files say ${siteInWords}; ${siteText(site)}, which its files say, is taken`;
}
