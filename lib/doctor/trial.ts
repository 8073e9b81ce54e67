/**
 * An SAE tried on a language model's states: at the tokens that an analysis counts, and at those of
 * the whole prompts. It is judged by the tokens that it explains better, for these are more like those
 * that it was trained on.
 *
 * @module
 */
import type { FitSubject } from "./fits.ts";
import {
  measureSites,
  type PlaceFits,
  type SiteStates,
  spreadStates,
  type TrialPlace,
} from "./site_fits.ts";

/** How many states at the tokens that count are looked at, spread over all. */
const COUNTED = 128;
/** The same where no others are. */
const COUNTED_ALONE = 256;

/** Which tokens states are of. */
export type TrialKind = "counted" | "text";

/** How an SAE fits the states of some tokens. */
export interface TrialFits extends PlaceFits {
  /** Of which: those that an analysis counts, or all of the prompts' texts. */
  readonly tokens: TrialKind;
}

/** What a trial came to. */
export interface TrialResult {
  /** At the tokens by which it is judged. */
  readonly judged: TrialFits;
  /** At the others; undefined if there are none. */
  readonly others: TrialFits | undefined;
}

/**
 * Tries an SAE.
 *
 * @param states Those of the tokens that count, and of whole texts; without these it is judged by the
 * others alone, as AlignSAE's are, which are trained on them.
 * @throws {InputError} If the device fails or computes wrongly.
 */
export async function tryAt(
  { counted, text }: { counted: SiteStates; text: SiteStates | undefined },
  place: TrialPlace,
  subject: FitSubject,
): Promise<TrialResult> {
  if (text === undefined) {
    const [fits] = await measureSites([spreadStates(counted, COUNTED_ALONE)], place, subject);
    return { judged: { ...fits!, tokens: "counted" }, others: undefined };
  }
  const sets = [text, spreadStates(counted, COUNTED)];
  const [ofText, ofCounted] = await measureSites(sets, place, subject);
  const [first, second]: TrialFits[] = [
    { ...ofText!, tokens: "text" },
    { ...ofCounted!, tokens: "counted" },
  ];
  return least(second!) < least(first!)
    ? { judged: second!, others: first }
    : { judged: first!, others: second };
}

/** The least that is left unexplained, here or beside; infinite if nobody can say. */
function least({ here, neighbours }: PlaceFits): number {
  return Math.min(...[here, ...neighbours].map(({ fit }) => fit.unexplained ?? Infinity));
}
