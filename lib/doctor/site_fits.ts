/**
 * How an SAE fits what a language model thinks, at its site and beside it.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { featureBlocks } from "../features/feature_blocks.ts";
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { BLOCK_POINTS, isSameSite, type Site, siteText } from "../lm/site.ts";
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
 * The sites beside one: the same point of the blocks before and after.
 *
 * @param blockCount How many blocks the model has.
 */
export function neighbourSites(site: Site, blockCount: number): Site[] {
  if (site.point === "final") return [{ block: blockCount - 1, point: "post" }];
  return [site.block - 1, site.block + 1]
    .filter((block) => block >= 0 && block < blockCount)
    .map((block) => ({ block, point: site.point }));
}

/** All sites that have to be computed to measure at one and beside it. */
export function sitesToCompute(
  site: Site,
  predicted: Site | undefined,
  blockCount: number,
): Site[] {
  const all = [site, ...neighbourSites(site, blockCount)];
  const targets = predicted === undefined ? [] : all.map((each) => shifted(predicted, site, each));
  const sites: Site[] = [];
  for (const each of [...all, ...targets]) {
    if (each === undefined || !isWithin(each, blockCount)) continue;
    if (!sites.some((other) => isSameSite(other, each))) sites.push(each);
  }
  return sites;
}

/**
 * Measures an SAE at its site and beside it.
 *
 * @param predicted What a transcoder predicts. Default: nothing else than it reads.
 * @throws {InputError} If the device fails or computes wrongly.
 */
export async function measureSites(
  states: SiteStates,
  { site, predicted, blockCount }: {
    site: Site;
    predicted?: Site | undefined;
    blockCount: number;
  },
  subject: FitSubject,
): Promise<{ here: SiteFit; neighbours: SiteFit[] }> {
  const fitAt = async (each: Site): Promise<SiteFit> => {
    const target = predicted && shifted(predicted, site, each);
    const canCompare = !subject.decoder?.predicts ||
      target !== undefined && isWithin(target, blockCount);
    const targets = target !== undefined && canCompare ? states.at(target) : states.at(each);
    const decoder = canCompare ? subject.decoder : undefined;
    const fit = await measureFit({ states: states.at(each), targets }, { ...subject, decoder });
    return { site: siteText(each), fit };
  };
  const here = await fitAt(site);
  const neighbours: SiteFit[] = [];
  for (const each of neighbourSites(site, blockCount)) neighbours.push(await fitAt(each));
  return { here, neighbours };
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

/** A site as far from `each` as `site` is from `from`; undefined behind all blocks. */
function shifted(site: Site, from: Site, each: Site): Site | undefined {
  if (site.point === "final" || from.point === "final" || each.point === "final") return undefined;
  return { block: site.block + each.block - from.block, point: site.point };
}

function isWithin(site: Site, blockCount: number): boolean {
  if (site.point === "final") return true;
  return site.block >= 0 && site.block < blockCount && BLOCK_POINTS.includes(site.point);
}
