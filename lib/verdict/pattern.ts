/**
 * Is the guide's expected pattern there? Slots are weak in early layers, separate in middle ones and
 * are cleanest in late ones; features become fewer and less shared.
 *
 * @module
 */
import { isSameSite } from "../lm/site.ts";
import { siteOfName } from "../results/layer_name.ts";
import { ONE_SLOT } from "./slots.ts";
import { lackingInAll, type Measured, missing, sideOf } from "./measured.ts";
import type { Part, Questions } from "./questions.ts";
import type { SiteFindings } from "./site_findings.ts";
import { measuredMean, resamplesOf } from "./measured_mean.ts";

/** A third of the sites; several SAEs that read one site are in the same. */
export interface Band {
  /** Which. */
  readonly name: "early" | "middle" | "late";
  /** Its layers. */
  readonly layers: readonly string[];
  /** The mean of the gap between own and other slots over its layers. */
  readonly gap: Measured;
  /** The mean effective number of features of a relation (participation ratio). */
  readonly effectiveNumber: number | null;
  /** The mean number of features that the lists of two relations share. */
  readonly shared: number | null;
}

/** What is said of an expectation. */
export type Answer = "confirmed" | "contradicted" | "undecided";

/** The guide's pattern. */
export interface Pattern {
  /** The bands; none with fewer than three sites, however many SAEs read them. */
  readonly bands: readonly Band[];
  /** How much the gap grows from the early to the middle layers, and from these to the late ones. */
  readonly growth: { readonly toMiddle: Measured; readonly toLate: Measured } | null;
  /** Whether slots separate more in the middle layers than in early ones. */
  readonly separatesInMiddle: Answer;
  /** Whether they separate more in the late layers than in middle ones. */
  readonly cleanestLate: Answer;
  /** Why there is no answer; null if there is one. */
  readonly reason: string | null;
}

const NAMES = ["early", "middle", "late"] as const;

/** The expected pattern over sites in the order of the forward pass. */
export function patternOf(
  sites: readonly SiteFindings[],
  questions: Questions,
  all: Part,
): Pattern {
  const places = placesOf(sites);
  if (places.length < NAMES.length) {
    const what = places.length < sites.length ? "sites" : "layers";
    const reason = `early, middle and late layers need three ${what} at least`;
    const none = { separatesInMiddle: "undecided", cleanestLate: "undecided" } as const;
    return { bands: [], growth: null, ...none, reason };
  }
  const border = (k: number) => Math.round(k * places.length / NAMES.length);
  const bands = NAMES.map((name, k) => ({
    name,
    sites: places.slice(border(k), border(k + 1)).flat(),
  }));
  const hasGaps = sites.every(({ gaps }) => gaps !== undefined);
  const resamples = resamplesOf(all);
  const groupCount = questions.groups.length;
  const measured = (values: Float64Array, ...used: number[]) => {
    const gaps = used.flatMap((k) => bands[k]!.sites.map(({ slots }) => slots!.gap));
    return measuredMean(values, all, { groupCount, resamples, reason: lackingInAll(gaps) });
  };
  const gaps = hasGaps ? bands.map((band) => meanGaps(band.sites)) : undefined;
  const hasSlots = sites.every(({ owns }) => owns !== undefined);
  const noSlots = hasSlots ? ONE_SLOT : "the SAE has no slots";
  const growth = gaps === undefined ? null : {
    toMiddle: measured(gaps[1]!.map((gap, i) => gap - gaps[0]![i]!), 0, 1),
    toLate: measured(gaps[2]!.map((gap, i) => gap - gaps[1]![i]!), 1, 2),
  };
  return {
    bands: bands.map(({ name, sites }, k) => ({
      name,
      layers: sites.map((site) => site.name),
      gap: gaps === undefined ? missing(noSlots) : measured(gaps[k]!, k),
      effectiveNumber: mean(
        sites.flatMap(({ concentrations }) =>
          concentrations.map(({ participationRatio }) => participationRatio)
        ),
      ),
      shared: mean(sites.map(({ sharing }) => sharing.shared)),
    })),
    growth,
    separatesInMiddle: answerOf(growth?.toMiddle),
    cleanestLate: answerOf(growth?.toLate),
    reason: gaps === undefined ? noSlots : null,
  };
}

/** What was found at each site, by as many SAEs as read it: they come one after the other. */
export function placesOf(sites: readonly SiteFindings[]): SiteFindings[][] {
  const places: SiteFindings[][] = [];
  for (const site of sites) {
    const last = places.at(-1);
    const isThere = last !== undefined &&
      isSameSite(siteOfName(last[0]!.layer), siteOfName(site.layer));
    if (isThere) last.push(site);
    else places.push([site]);
  }
  return places;
}

function answerOf(growth: Measured | undefined): Answer {
  if (growth === undefined) return "undecided";
  const side = sideOf(growth, 0);
  return side === "above" ? "confirmed" : side === "below" ? "contradicted" : "undecided";
}

function meanGaps(sites: readonly SiteFindings[]): Float64Array {
  const [first] = sites;
  return first!.gaps!.map((_, i) =>
    sites.reduce((sum, { gaps }) => sum + gaps![i]!, 0) / sites.length
  ) as Float64Array;
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
