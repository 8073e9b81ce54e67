/**
 * How an SAE fits what a language model thinks, at its site and beside it.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { featureBlocks } from "../features/feature_blocks.ts";
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { isSameSite, type Site, siteText } from "../lm/site.ts";
import { decodeRows } from "../sae/decode.ts";
import type { SiteFit } from "../sae/doctor/better_neighbour.ts";
import { type Fit, FitMeter } from "../sae/doctor/fit_meter.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";

/** States of some sites: `StateStore` is one. */
export interface SiteStates {
  /** The states of a site. */
  at(site: Site): Rows;
}

/** What is measured, with what. */
export interface FitSubject {
  /** The encoder. */
  readonly sae: Sae;
  /** The decoder, if there is one. */
  readonly decoder: SaeDecoder | undefined;
  /** Where to compute; it stays the caller's. */
  readonly device: ComputeDevice;
  /** How many states are looked at, at most, spread over all. Default: all. */
  readonly atMost?: number | undefined;
  /** Told how far it is. */
  readonly observer: Observer;
}

/**
 * The sites beside one: the same point of the blocks before and after. Beside the first output of a
 * block lies its input, and beside the last input of a block its output.
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

/**
 * Measures an SAE at its site and beside it.
 *
 * @throws {InputError} If the device fails or computes wrongly.
 */
export async function measureSites(
  states: SiteStates,
  { site, predicted, neighbours }: TrialPlace,
  subject: FitSubject,
): Promise<{ here: SiteFit; neighbours: SiteFit[] }> {
  const fitAt = async (each: Site): Promise<SiteFit> => {
    const target = predicted === undefined ? each : shifted(predicted, site, each)!;
    const canCompare = predicted !== undefined || !subject.decoder?.predicts;
    const fit = await measureFit({ states: states.at(each), targets: states.at(target) }, {
      ...subject,
      decoder: canCompare ? subject.decoder : undefined,
    });
    return { site: siteText(each), fit };
  };
  const here = await fitAt(site);
  const beside: SiteFit[] = [];
  for (const each of neighbours) beside.push(await fitAt(each));
  return { here, neighbours: beside };
}

/**
 * Measures an SAE on states.
 *
 * @throws {InputError} If the device fails or computes wrongly.
 */
export async function measureFit(
  all: { states: Rows; targets: Rows },
  { sae, decoder, device, observer, atMost = Infinity }: FitSubject,
): Promise<Fit> {
  const [states, targets] = [spread(all.states, atMost), spread(all.targets, atMost)];
  const meter = new FitMeter(targets.width, sae.featureCount);
  const source = {
    path: "the hidden states",
    count: states.count,
    width: states.width,
    read: (first: number, count: number) => Promise.resolve(states.read(first, count)),
  };
  let first = 0;
  for await (const block of featureBlocks(sae, source, { device, observer })) {
    meter.add({
      targets: targets.read(first, block.count),
      decoded: decoder && await decodeRows({ sae, decoder }, block.features, block.states),
      features: block.features,
    });
    first += block.count;
  }
  return meter.fit;
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

function isWithin(site: Site, blockCount: number): boolean {
  return site.point === "final" || site.block >= 0 && site.block < blockCount;
}
