/**
 * SAEs of any format: found by what is in them, and told by themselves where they read.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import { lookAt } from "../files/look.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { checkSite } from "../lm/decoder_depth.ts";
import { describeSite, finalNormText } from "../lm/layer_convention.ts";
import type { DecoderModel } from "../lm/language_model.ts";
import { BLOCK_POINTS, compareSites, isSameSite, type Site, siteText } from "../lm/site.ts";
import { layerName, layerText } from "../results/layer_name.ts";
import { findSaes } from "../sae/find_saes.ts";
import type { OpenedSae } from "../sae/formats/format.ts";
import type { SaeOptions } from "../sae/formats/format.ts";
import { formatNames, isSae, openSaeFiles } from "../sae/open_sae.ts";
import { checkWidth } from "./planned_checkpoints.ts";
import { type PlannedSae, plannedSae } from "./planned_sae.ts";
import type { PlannedSaes, SkippedLayer } from "./planned_saes.ts";
import { folderConflict, labelsOf } from "./sae_folders.ts";

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
      const only = found.length === 1 ? wanted : undefined;
      placed.push({ ...each, site: placeOf(each.opened, { model, only, observer }) });
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
  const checkpoints = nameAll(path, chosen, choice);
  for (const planned of checkpoints) checkWidth(planned, model);
  say(checkpoints, model, observer);
  return { checkpoints, skipped: skippedOf(wanted ?? [], placed) };
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

/**
 * Where an SAE reads: where its files say, or where the user says if they say nothing.
 *
 * @param where The only sites that are wanted of it, if it is the only SAE.
 * @throws {InputError} If neither says it, or the model has no such states.
 */
function placeOf(
  { path, site, siteInWords, takesHeads }: OpenedSae,
  { model, only, observer }: {
    model: DecoderModel;
    only: readonly Site[] | undefined;
    observer: Observer;
  },
): Site {
  if (takesHeads || site === undefined && siteInWords !== undefined) {
    throw new InputError(
      `${path} reads ${
        siteInWords ?? "the outputs of attention heads"
      }, which coact does not take ` +
        `from a language model: it takes ${BLOCK_POINTS.join(", ")} of each block, and final`,
    );
  }
  if (site === undefined) {
    const [asked, ...others] = only ?? [];
    if (asked === undefined || others.length > 0) {
      throw new InputError(`${path} does not say where in a model it reads`, {
        advice: { kind: "name_sites", sites: "post:12" },
      });
    }
    observer.note(`${path} does not say where in a model it reads; ${siteText(asked)} is taken`);
    return asked;
  }
  try {
    checkSite(model.decoder, site);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const named = siteInWords === undefined ? "" : ` (${siteInWords})`;
    throw new InputError(
      `${path} reads ${siteText(site)}${named}, but in ${model.directory} ${error.message}`,
    );
  }
  return site;
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
  options: SaeOptions,
): PlannedSae[] {
  const ordered = [...placed].sort((a, b) => compareSites(a.site, b.site)); // within: as found
  return ordered.flatMap((each, i) => {
    if (i > 0 && isSameSite(ordered[i - 1]!.site, each.site)) return []; // with the first one there
    const together = ordered.filter(({ site }) => isSameSite(site, each.site));
    const labels = labelsOf(root, together.map(({ opened }) => opened.path));
    return together.map((one, j) => plannedSae(one, { site: one.site, label: labels[j], options }));
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

/** Says of each SAE what it is and where it reads, and what else is to be known, each thing once. */
function say(
  checkpoints: readonly PlannedSae[],
  { config: { n_layer: blockCount }, decoder }: DecoderModel,
  observer: Observer,
): void {
  const notes = new Map<string, string[]>();
  for (const { layer, path, site, opened } of checkpoints) {
    const { format, architecture, featureCount, siteInWords } = opened!;
    const described = describeSite(site, { blockCount, finalNorm: finalNormText(decoder) });
    observer.note(
      `${layerText(layer)}: ${path}, ${format}, ${architecture}, ` +
        `${featureCount.toLocaleString("en")} features` +
        (siteInWords === undefined ? "" : `; ${siteInWords} is ${siteText(site)}, ${described}`),
    );
    for (const note of notesOf(opened!)) notes.getOrInsert(note, []).push(path);
  }
  for (const [note, paths] of notes) {
    const which = paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`;
    observer.note(`${which}: ${note}`);
  }
}

/** What is to be known of an SAE; that it was trained on centred states with what follows from it. */
function notesOf({ notes, isCentred, centringNote }: OpenedSae): readonly string[] {
  if (!isCentred) return notes;
  const why = centringNote ?? "it was trained on centred states";
  const others = notes.filter((note) => note !== centringNote);
  return [...others, `${why}; the mean of its numbers is subtracted from each state here, too`];
}

/** That nothing at a path is an SAE. */
export function noSaes(path: string): InputError {
  return new InputError(
    `${path} holds no SAE of a format that coact knows: ${formatNames().join(", ")}`,
    { advice: { kind: "locate_saes" } },
  );
}
