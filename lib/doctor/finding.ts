/**
 * What a check of an SAE finds.
 *
 * @module
 */

/** Something that a user should know before relying on an SAE. */
export interface Finding {
  /**
   * `doubt`: it may be meant so. `misfit`: the SAE and the states do not belong together, or it is
   * read in another way than it was trained; an analysis is refused unless it is forced.
   */
  readonly severity: "doubt" | "misfit";
  /** What it is, in one sentence, with the numbers. */
  readonly text: string;
}

/** A doubt. */
export function doubt(text: string): Finding {
  return { severity: "doubt", text };
}

/** A misfit. */
export function misfit(text: string): Finding {
  return { severity: "misfit", text };
}

/** A share as a percentage: `12.5 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A number for a reader: three digits, or all before the point; without zeros that say nothing. */
export function short(value: number): string {
  if (Math.abs(value) >= 100 && Math.abs(value) < 1e9) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
