/**
 * SAEs of any format: found by what is in them, and told by themselves where they read.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { lookAt } from "../../files/look.ts";
import type { SteadyFile } from "../../files/steady_file.ts";
import type { DecoderModel } from "../../lm/language_model.ts";
import { compareSites, isSameSite, type Site, siteText } from "../../lm/site.ts";
import { layerName } from "../../results/layer_name.ts";
import { findSaes } from "../../sae/find_saes.ts";
import type { OpenedSae, SaeOptions } from "../../sae/formats/format.ts";
import { formatNames, isSae, openSaeFiles } from "../../sae/open_sae.ts";
import { checkWidth } from "../../doctor/check_width.ts";
import type { PlannedSae, PlannedSaes, SkippedLayer } from "./planned_sae.ts";
import { foundSae } from "./found_sae.ts";
import { folderConflict, labelsOf } from "./sae_folders.ts";
import { noteSaes } from "./sae_notes.ts";
import { placeOf } from "./sae_place.ts";

/** An SAE that was opened, and the files that this took. */
interface Found {
  readonly opened: OpenedSae;
  readonly files: readonly SteadyFile[];
}

/** The same, with the site where it reads. */
interface Placed extends Found {
  readonly site: Site;
}

/**
 * Finds and opens SAEs, and keeps those of the sites that are wanted. No weight is read.
 *
 * @param path A directory, however deep the SAEs lie in it, or one file.
 * @param wanted The sites, in order. Default: wherever the SAEs read.
 * @param observer Told where each SAE reads, and warned of those that are left out.
 * @returns Undefined if there is none at all.
 * @throws {InputError} If none of them can be used, or none reads where it is wanted.
 */
export async function planFoundSaes(
  path: string,
  { wanted, choice, model, observer }: {
    wanted: readonly Site[] | undefined;
    choice: SaeOptions;
    model: DecoderModel;
    observer: Observer;
  },
): Promise<PlannedSaes | undefined> {
  const { found, problems } = await openAll(path, choice);
  const placed: Placed[] = [];
  for (const each of found) {
    try {
      const count = found.length;
      placed.push({ ...each, site: placeOf(each.opened, { model, wanted, count, observer }) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (placed.length === 0) {
    if (problems.length > 0) throw problems[0]!;
    return undefined;
  }
  warnOfProblems(problems, observer);
  const chosen = wanted === undefined
    ? placed
    : placed.filter(({ site }) => wanted.some((each) => isSameSite(each, site)));
  if (chosen.length === 0) throw notWanted(path, placed, wanted!);
  for (const { opened } of chosen) {
    const conflict = folderConflict(opened);
    if (conflict !== undefined) observer.warn(conflict);
  }
  const checkpoints = nameAll(path, chosen, { model, options: choice });
  for (const planned of checkpoints) checkWidth(planned, model);
  noteSaes(checkpoints, model, observer);
  return { checkpoints, skipped: skippedOf(wanted ?? [], placed), slotCount: undefined };
}

/** Opens all that is found at a path; what cannot be opened is told apart. */
async function openAll(
  path: string,
  choice: SaeOptions,
): Promise<{ found: Found[]; problems: InputError[] }> {
  if (await lookAt(path) === "file") {
    return { found: [await openSaeFiles(path, choice)], problems: [] };
  }
  const { paths, damaged, isCutShort } = await findSaes(path, (each) => isSae(each, choice));
  if (isCutShort) {
    throw new InputError(
      `${path} has too many folders in it to look into all of them; name one that holds SAEs`,
    );
  }
  const found: Found[] = [];
  const problems = damaged.map(({ error }) => error);
  for (const each of paths) {
    try {
      found.push(await openSaeFiles(each, choice));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  return { found, problems };
}

/** One line, whether one SAE cannot be used or most of them. */
function warnOfProblems([first, ...others]: readonly InputError[], observer: Observer): void {
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `; ${others.length} more are left out, too`;
  observer.warn(`an SAE is left out: ${first.message}${more}`, first.advice);
}

/** What is wanted and what is there, where they have nothing in common. */
function notWanted(path: string, placed: readonly Placed[], wanted: readonly Site[]): InputError {
  const asked = wanted.map(siteText).join(", ");
  const [first, ...others] = placed;
  const sites = sitesOf(placed);
  const advice = {
    kind: "name_sites" as const,
    sites: sites[0]!.replace(" ", ":"),
  };
  if (others.length === 0) {
    const { opened: { siteInWords }, site } = first!;
    const named = siteInWords === undefined ? "" : ` (${siteInWords})`;
    return new InputError(
      `${first!.opened.path} was trained on the states at ${siteText(site)}${named}, not at ` +
        `${asked}, which was asked for`,
      { advice },
    );
  }
  return new InputError(
    `${path} has no SAE that reads ${asked}; its ${placed.length} SAEs read ${sites.join(", ")}`,
    { advice },
  );
}

/** The sites of SAEs, in order, each once. */
function sitesOf(placed: readonly Placed[]): string[] {
  const sites = placed.map(({ site }) => site).sort(compareSites);
  return [...new Set(sites.map(siteText))];
}

/** Puts SAEs in the order of their sites, and tells those apart that read one. */
function nameAll(
  root: string,
  placed: readonly Placed[],
  { model, options }: { model: DecoderModel; options: SaeOptions },
): PlannedSae[] {
  const ordered = [...placed].sort((a, b) => compareSites(a.site, b.site)); // within: as found
  return ordered.flatMap((each, i) => {
    if (i > 0 && isSameSite(ordered[i - 1]!.site, each.site)) return []; // with the first one there
    const together = ordered.filter(({ site }) => isSameSite(site, each.site));
    const labels = labelsOf(root, together.map(({ opened }) => opened.path));
    return together.map((one, j) =>
      foundSae(one, { site: one.site, model, label: labels[j], options })
    );
  });
}

/** Which sites that were named have no SAE. */
function skippedOf(wanted: readonly Site[], placed: readonly Placed[]): SkippedLayer[] {
  const missing = wanted.filter((site) => !placed.some((each) => isSameSite(each.site, site)));
  const there = sitesOf(placed).join(", ");
  return missing.map((site) => ({
    layer: layerName(site),
    reason: `No SAE found: those there are read ${there}`,
  }));
}

/** That nothing at a path is an SAE. */
export function noSaes(path: string): InputError {
  return new InputError(
    `${path} holds no SAE of a format that coact knows: ${formatNames().join(", ")}`,
    { advice: { kind: "locate_saes" } },
  );
}
