/**
 * The sums at a tilt, by code that goes through persons two at a time.
 *
 * @module
 */
import { powers } from "./powers.ts";
import {
  fineBits,
  LEAST_BITS,
  SPREAD_SUMS,
  type StrataCode,
  type StrataLayout,
  TABLE_LENGTH,
} from "./strata_layout.ts";
import { strataPlain } from "./strata_plain.ts";
import { strataWasm } from "./strata_wasm.ts";
import type { TiltedMoments } from "./tilt_step.ts";

/** A product of numbers as small as 1/groups, or as large as groups, is taken as long as ln of it is below. */
const LARGEST_LN = 600;

/** Goes through the persons of one column after the other. */
export class TiltSums {
  /** The code. */
  readonly code: StrataCode;
  /** What it writes. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** How many bytes of a row are gone through at a time: the products of so many persons are numbers. */
  readonly run: number;
  readonly #layout: StrataLayout;
  readonly #fine: Float64Array<ArrayBuffer>;
  readonly #coarse: Float64Array<ArrayBuffer>;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(layout: StrataLayout, isPlain: boolean) {
    this.#layout = layout;
    this.code = (isPlain ? undefined : strataWasm(layout)) ?? strataPlain(layout);
    const { buffer } = this.code.memory;
    this.sums = new Float64Array(buffer, layout.sums, 2 * SPREAD_SUMS.length);
    this.#fine = new Float64Array(buffer, layout.fine, (layout.coarse - layout.fine) / 8);
    this.#coarse = new Float64Array(buffer, layout.coarse, this.#fine.length + 1);
    this.run = 8 * Math.floor(LARGEST_LN / Math.max(1, Math.log(layout.groupCount)));
  }

  /**
   * ln of the mean mass at a tilt, and the cumulants of the gap.
   *
   * @param end How many bytes of a row hold persons.
   * @param range No distance is larger.
   * @param step Distances are multiples of 2 to the `step`: 0 or 1.
   * @param own Of persons who are not all in every group: the address of the masks of those who count.
   */
  moments(
    isHigh: boolean,
    t: number,
    { end, range, step = 0, own = 0, bits = fineBits(range) }: {
      end: number;
      range: number;
      step?: number;
      own?: number;
      bits?: number;
    },
  ): TiltedMoments {
    const { sums, run, code } = this;
    const start = isHigh ? this.#layout.below : this.#layout.above;
    const isByTable = this.#multiply(t, { length: (range >> step) + 1, step, end });
    if (!isByTable) this.#write(t, (range >> bits) + 1, bits);
    let [lnMean, gap, spread, skew, kurtosis] = [0, 0, 0, 0, 0];
    for (let from = 0; from < end; from += run) {
      const to = Math.min(from + run, end);
      if (isByTable) code.tiltByTable(start + from, start + to, 3 - step);
      else code.tilt(start + from, start + to, bits, 2 * from, own);
      lnMean += Math.log(sums[0]!) + Math.log(sums[1]!);
      gap += sums[2]! + sums[3]!;
      spread += sums[4]! + sums[5]!;
      skew += sums[6]! + sums[7]!;
      kurtosis += sums[8]! + sums[9]!;
    }
    return { t, lnMean, gap, spread, skew, kurtosis };
  }

  /** Writes one table of all weights, if there are more scores than those: returns whether it does. */
  #multiply(
    t: number,
    { length, step, end }: { length: number; step: number; end: number },
  ): boolean {
    const { isRagged, groupCount } = this.#layout;
    if (isRagged || length > Math.min(TABLE_LENGTH, groupCount * end / 4)) return false;
    const bits = Math.max(LEAST_BITS, fineBits(length - 1));
    const coarseLength = (length - 1 >> bits) + 1;
    this.#write(t * 2 ** step, coarseLength, bits);
    this.code.multiply(coarseLength, bits);
    return true;
  }

  /** Writes the two tables. */
  #write(t: number, coarseLength: number, bits: number): void {
    powers(this.#fine, 1 << bits, Math.exp(-t));
    powers(this.#coarse, coarseLength, Math.exp(-t * (1 << bits)));
  }
}
