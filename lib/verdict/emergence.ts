/**
 * Where does each relation emerge? At the first layer whose interval clears chance; and, as length alone
 * may do that, at the first one that also clears the layer that sees nothing else.
 *
 * @module
 */
import { differenceOf } from "./group_auroc.ts";
import { type Measured, missing, sideOf } from "./measured.ts";
import { type Halves, noneChosen, type Part, type Questions } from "./questions.ts";
import type { SiteFindings } from "./site_findings.ts";

/** Where a relation emerges. */
export interface Emergence {
  /** The relation. */
  readonly group: string;
  /** The AUROC at each site, in the order of the forward pass. */
  readonly aurocs: readonly { readonly name: string; readonly auroc: Measured }[];
  /** The first layer whose interval is above ½; null if there is none. */
  readonly first: string | null;
  /** The first layer whose AUROC is above that of the control; null if none is, or there is none. */
  readonly firstAboveControl: string | null;
  /** How far it is above it there. */
  readonly aboveControl: Measured | null;
}

/** Where each relation emerges, by its slot, or by its best feature without slots. */
export function emergencesOf(
  sites: readonly SiteFindings[],
  questions: Questions,
  { all, halves: { choosing, estimating } }: { all: Part; halves: Halves },
): Emergence[] {
  const control = sites.find(({ seesLengthOnly }) => seesLengthOnly === true);
  return questions.groups.map(({ key }, group) => {
    const aurocs = sites.map((site) => ({
      name: site.name,
      auroc: aurocOf(site, group, choosing),
    }));
    const above = sites.flatMap((site) => {
      const base = control?.marks[group];
      const mark = site.marks[group];
      if (site === control || !base || !mark) return [];
      const part = site.slots === undefined ? estimating : all;
      const difference = differenceOf(mark, base, part, group);
      return sideOf(difference, 0) === "above" ? [{ name: site.name, difference }] : [];
    })[0];
    return {
      group: key,
      aurocs,
      first: aurocs.find(({ auroc }) => sideOf(auroc, 0.5) === "above")?.name ?? null,
      firstAboveControl: above?.name ?? null,
      aboveControl: above?.difference ?? null,
    };
  });
}

/** The AUROC of a relation's slot, or of its best feature on the half on which it was not chosen. */
function aurocOf({ slots, encodings }: SiteFindings, group: number, choosing: Part): Measured {
  if (slots !== undefined) return slots.byGroup[group]!.auroc;
  return encodings[group]!.best[0]?.auroc ?? missing(noneChosen(choosing, group));
}
