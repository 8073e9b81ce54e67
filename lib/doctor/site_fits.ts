/**
 * How an SAE fits what a language model thinks, at its site and beside it.
 *
 * @module
 */
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { FINAL, isSameSite, type Site, siteText } from "../lm/site.ts";
import { normsStates } from "../sae/input.ts";
import type { SiteFit } from "./better_neighbour.ts";
import { type FitStates, type FitSubject, measureFits } from "./fits.ts";

/** States of the same tokens at some sites: `StateStore` is one. */
export interface SiteStates {
  /** The states of a site. */
  at(site: Site): Rows;
  /** To which half of the states one belongs. Default: every other one to the same. */
  readonly halfOf?: ((row: number) => 0 | 1) | undefined;
}

/**
 * The sites beside one: the same point of the blocks before and after. Beside the first output of a
 * block lies its input, beside the last input of a block its output, and beside the last output of a
 * block the state after the final norm, and the other way round.
 *
 * @param blockCount How many blocks the model has.
 */
export function neighbourSites(site: Site, blockCount: number): Site[] {
  if (site.point === "final") return [{ block: blockCount - 1, point: "post" }];
  const { block, point } = site;
  const neighbours: Site[] = [block - 1, block + 1]
    .filter((each) => each >= 0 && each < blockCount)
    .map((each) => ({ block: each, point }));
  if (point === "post" && block === 0) neighbours.unshift({ block, point: "pre" });
  if (point === "pre" && block === blockCount - 1) neighbours.push({ block, point: "post" });
  if (point === "post" && block === blockCount - 1) neighbours.push(FINAL);
  return neighbours;
}

/** Where an SAE is tried. */
export interface TrialPlace {
  /** The site that it reads. */
  readonly site: Site;
  /** What a transcoder predicts. Default: nothing else than it reads. */
  readonly predicted?: Site | undefined;
  /** Sites beside its own. */
  readonly neighbours: readonly Site[];
}

/**
 * Where to try an SAE: at its site, and beside it where the states can be had.
 *
 * @param has Whether the states of a site can be had. Default: of all.
 */
export function trialPlace(
  { site, predicted, blockCount }: {
    site: Site;
    predicted: Site | undefined;
    blockCount: number;
  },
  has: (site: Site) => boolean = () => true,
): TrialPlace {
  const canCompare = predicted === undefined || has(predicted);
  const neighbours = neighbourSites(site, blockCount).filter((each) => {
    if (predicted === undefined) return has(each);
    const target = shifted(predicted, site, each);
    return canCompare && target !== undefined && isWithin(target, blockCount) && has(target) &&
      has(each);
  });
  return { site, predicted: canCompare ? predicted : undefined, neighbours };
}

/** All sites whose states a trial needs, each once. */
export function sitesToCompute({ site, predicted, neighbours }: TrialPlace): Site[] {
  const all = [site, ...neighbours];
  const targets = predicted === undefined ? [] : all.map((each) => shifted(predicted, site, each)!);
  const sites: Site[] = [];
  for (const each of [...all, ...targets]) {
    if (!sites.some((other) => isSameSite(other, each))) sites.push(each);
  }
  return sites;
}

/** How an SAE fits states at its site and beside it. */
export interface PlaceFits {
  /** At its site. */
  readonly here: SiteFit;
  /** Beside it. */
  readonly neighbours: readonly SiteFit[];
}

/**
 * Measures an SAE at its site and beside it. One that norms every state by itself sees nearly the same on
 * both sides of the final norm, which is said of such a neighbour.
 *
 * @param all States of some tokens, of others and so on: all of them are encoded together.
 * @returns How it fits each of them.
 * @throws {InputError} If the device fails or computes wrongly.
 */
export async function measureSites(
  all: readonly SiteStates[],
  { site, predicted, neighbours }: TrialPlace,
  subject: FitSubject,
): Promise<PlaceFits[]> {
  const isAlike = (each: Site) => isAcrossFinalNorm(site, each) && normsStates(subject.sae.input);
  const sites = [site, ...neighbours];
  const canCompare = predicted !== undefined || !subject.decoder?.predicts;
  const sets = all.flatMap((states) =>
    sites.map((each): FitStates => {
      const target = predicted === undefined ? each : shifted(predicted, site, each)!;
      return {
        states: states.at(each),
        targets: canCompare ? states.at(target) : undefined,
        halfOf: states.halfOf ?? ((row) => row % 2 as 0 | 1),
      };
    })
  );
  const fits = await measureFits(sets, subject);
  return all.map((_, i) => {
    const own = sites.map((each, j): SiteFit => ({
      site: siteText(each),
      ...(predicted !== undefined && { predicted: siteText(shifted(predicted, site, each)!) }),
      ...(isAlike(each) && { isAlike: true }),
      fit: fits[i * sites.length + j]!,
    }));
    return { here: own[0]!, neighbours: own.slice(1) };
  });
}

/** States of some of the tokens, at most so many, spread over all. */
export function spreadStates(states: SiteStates, atMost: number): SiteStates {
  return { at: (site) => spread(states.at(site), atMost) };
}

/** Some rows, evenly spread over all. */
function spread(rows: Rows, atMost: number): Rows {
  if (rows.count <= atMost) return rows;
  const { width } = rows;
  const values = new Float32Array(atMost * width);
  for (let i = 0; i < atMost; i++) {
    values.set(rows.read(Math.floor((i + 0.5) * rows.count / atMost), 1), i * width);
  }
  return rowsInMemory(values, width);
}

/** A site as far from `each` as `site` is from `from`; undefined where blocks do not count that. */
function shifted(site: Site, from: Site, each: Site): Site | undefined {
  if (isSameSite(from, each)) return site;
  if (site.point === "final" || from.point === "final" || each.point === "final") return undefined;
  if (from.point !== each.point) return undefined;
  return { block: site.block + each.block - from.block, point: site.point };
}

function isAcrossFinalNorm(a: Site, b: Site): boolean {
  return (a.point === "final") !== (b.point === "final");
}

function isWithin(site: Site, blockCount: number): boolean {
  return site.point === "final" || site.block >= 0 && site.block < blockCount;
}
