/**
 * Where does each relation emerge? At the first layer whose interval clears chance; and, as length alone
 * may do that, at the first one that also clears the layer that sees nothing else.
 *
 * @module
 */
import { differenceOf, type GroupAuroc } from "./group_auroc.ts";
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
  /**
   * The first layer whose AUROC is above that of the control, of several the one of the greatest AUROC;
   * null if none is, or there is none.
   */
  readonly firstAboveControl: string | null;
  /** How far it is above it there. */
  readonly aboveControl: Measured | null;
  /**
   * Why it is not known whether a layer is above the control: no difference from it has an interval. Null
   * if one has, or there is no control.
   */
  readonly reason: string | null;
}

/** Where each relation emerges, by its slot, or by its best feature without slots. */
export function emergencesOf(
  sites: readonly SiteFindings[],
  questions: Questions,
  { all, halves: { choosing, estimating } }: { all: Part; halves: Halves },
): Emergence[] {
  const controls = sites.filter(({ seesLengthOnly }) => seesLengthOnly === true);
  return questions.groups.map(({ key }, group) => {
    const aurocs = sites.map((site) => ({
      name: site.name,
      auroc: aurocOf(site, group, choosing),
    }));
    const base = greatest(controls.map(({ marks }) => marks[group] ?? null));
    const others = sites.filter((site) => !controls.includes(site));
    const differences = others.map((site) => {
      const mark = site.marks[group];
      const part = site.slots === undefined ? estimating : all;
      const difference = base === undefined || !mark
        ? missing("there is no AUROC to compare")
        : differenceOf(mark, base, part, group);
      return { name: site.name, difference };
    });
    const above = differences.find(({ difference }) => sideOf(difference, 0) === "above");
    const isKnown = differences.some(({ difference }) => difference.interval !== null);
    return {
      group: key,
      aurocs,
      first: aurocs.find(({ auroc }) => sideOf(auroc, 0.5) === "above")?.name ?? null,
      firstAboveControl: above?.name ?? null,
      aboveControl: above?.difference ?? null,
      reason: controls.length === 0 || isKnown ? null : differences[0]?.difference.reason ?? null,
    };
  });
}

/** The greatest AUROC, of those that have an interval if there are such. */
function greatest(marks: readonly (GroupAuroc | null)[]): GroupAuroc | undefined {
  const known = marks.filter((mark) => mark !== null);
  const sure = known.filter(({ auroc }) => auroc.interval !== null);
  const among = sure.length > 0 ? sure : known;
  const value = ({ influence }: GroupAuroc) => influence.estimate;
  return among.toSorted((a, b) => value(b) - value(a))[0];
}

/** The AUROC of a relation's slot, or of its best feature on the half on which it was not chosen. */
function aurocOf({ slots, encodings }: SiteFindings, group: number, choosing: Part): Measured {
  if (slots !== undefined) return slots.byGroup[group]!.auroc;
  return encodings[group]!.best[0]?.auroc ?? missing(noneChosen(choosing, group));
}
