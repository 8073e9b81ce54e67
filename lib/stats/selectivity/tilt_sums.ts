/**
 * The sums at a tilt, by code that goes through persons two at a time.
 *
 * @module
 */
import { LADDERS, MOST_RUNGS } from "./ladder.ts";
import { powers } from "./powers.ts";
import {
  fineBits,
  LEAST_BITS,
  placeBits,
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
  /** What a ladder gives: two numbers a rung. */
  readonly products: Float64Array<ArrayBuffer>;
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
    const rungs = layout.isRagged ? 0 : MOST_RUNGS;
    this.products = new Float64Array(buffer, layout.products, 2 * rungs);
    this.#fine = new Float64Array(buffer, layout.fine, (layout.coarse - layout.fine) / 8);
    this.#coarse = new Float64Array(buffer, layout.coarse, this.#fine.length + 1);
    this.run = 8 * Math.floor(LARGEST_LN / Math.max(1, Math.log(layout.groupCount)));
  }

  /**
   * ln of the mean mass at a tilt, and the cumulants of the gap.
   *
   * @param end How many bytes of a row hold persons.
   * @param range No distance is larger.
   * @param isEven Whether all distances are even, and stand there as if they were half as large.
   * @param own Of persons who are not all in every group: the address of the masks of those who count.
   */
  moments(
    isHigh: boolean,
    t: number,
    { end, range, isEven = false, own = 0, bits }: {
      end: number;
      range: number;
      isEven?: boolean;
      own?: number;
      bits?: number;
    },
  ): TiltedMoments {
    const { sums, run, code } = this;
    const start = isHigh ? this.#layout.below : this.#layout.above;
    const unit = isEven ? 2 : 1;
    const most = range / unit;
    const isByTable = this.#isByTable(most, end);
    bits ??= Math.max(fineBits(most), isByTable ? LEAST_BITS : 0);
    const coarseLength = (most >> bits) + 1;
    powers(this.#fine, 1 << bits, Math.exp(-t * unit));
    powers(this.#coarse, coarseLength, Math.exp(-t * unit * (1 << bits)));
    if (isByTable) code.multiply(coarseLength, bits);
    let lnMean = 0;
    let gap = 0;
    let spread = 0;
    let skew = 0;
    let kurtosis = 0;
    for (let from = 0; from < end; from += run) {
      const to = Math.min(from + run, end);
      if (isByTable) code.tiltByTable(start + from, start + to);
      else code.tilt(start + from, start + to, bits, 2 * from, own);
      lnMean += Math.log(sums[0]!) + Math.log(sums[1]!);
      gap += sums[2]! + sums[3]!;
      spread += sums[4]! + sums[5]!;
      skew += sums[6]! + sums[7]!;
      kurtosis += sums[8]! + sums[9]!;
    }
    // A power of two, by which no digit is lost.
    const scale = unit / (1 << placeBits(this.#layout));
    const square = scale * scale;
    return {
      t,
      lnMean,
      gap: gap * scale,
      spread: spread * square,
      skew: skew * square * scale,
      kurtosis: kurtosis * square * square,
    };
  }

  /** One table of all weights pays if there are about as many scores as those. */
  #isByTable(most: number, end: number): boolean {
    const { isRagged, groupCount } = this.#layout;
    return !isRagged && most < Math.min(TABLE_LENGTH, groupCount * end / 2);
  }

  /**
   * ln of the mean mass at the rungs of a ladder.
   *
   * @param ladder Its place among the ladders.
   * @param length How far it reaches, as a tilt.
   * @param lnMeans Where they go, one a rung.
   * @returns The small tilt of which rungs are multiples; it is another than wanted in the last digits.
   */
  climb(
    isHigh: boolean,
    { ladder, length, lnMeans }: { ladder: number; length: number; lnMeans: Float64Array },
    { end, range, isEven }: { end: number; range: number; isEven: boolean },
  ): number {
    const { products, run, code } = this;
    const { rungs } = LADDERS[ladder]!;
    const start = isHigh ? this.#layout.below : this.#layout.above;
    const unit = isEven ? 2 : 1;
    const most = range / unit;
    const isByTable = this.#isByTable(most, end);
    const bits = Math.max(fineBits(most), isByTable ? LEAST_BITS : 0);
    const coarseLength = (most >> bits) + 1;
    // All weights are powers of this number, as it is: what it is rounded by is part of the tilt.
    const base = Math.exp(-length / rungs.at(-1)! * unit);
    powers(this.#fine, 1 << bits, base);
    powers(this.#coarse, coarseLength, this.#fine[(1 << bits) - 1]! * base);
    if (isByTable) code.multiply(coarseLength, bits);
    lnMeans.fill(0);
    for (let from = 0; from < end; from += run) {
      const to = Math.min(from + run, end);
      code.climb(ladder, start + from, start + to, isByTable ? undefined : bits);
      for (let i = 0; i < rungs.length; i++) {
        lnMeans[i]! += Math.log(products[2 * i]!) + Math.log(products[2 * i + 1]!);
      }
    }
    return -Math.log1p(base - 1) / unit;
  }
}
