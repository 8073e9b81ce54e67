/**
 * Room for the scores of persons who are not in every group, where code takes two persons at a time.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { fineBits, type StrataLayout, strataLayout } from "./strata_layout.ts";
import { TiltSums } from "./tilt_sums.ts";
import { mostWhole } from "./wholes.ts";

/** Distances below it, and one beyond, are numbers of 32 bits. */
const LARGEST = 2 ** 30;

/** Code that takes two persons at a time, and its memory. */
export interface RaggedVectors {
  /** Where it stands. */
  readonly layout: StrataLayout;
  /** The sums at a tilt. */
  readonly sums: TiltSums;
  /** How far each score is below its person's highest, `[groups, stride]`. */
  readonly below: Int32Array<ArrayBuffer>;
  /** How far it is above the lowest. */
  readonly above: Int32Array<ArrayBuffer>;
  /** How many scores each person has. */
  readonly helds: Float64Array<ArrayBuffer>;
  /** For each group and person, whether the person is in it: all bits of two numbers. */
  readonly masks: Int32Array<ArrayBuffer>;
  /** How many bits of a distance the finer table takes, the same for all columns. */
  readonly bits: number;
  /** A distance beyond all, whose weight is 0. */
  readonly absent: number;
}

/**
 * Room for a design; undefined where numbers are beyond 32 bits.
 *
 * @param isPlain Whether to do without vectors, which changes no bit.
 */
export function raggedVectors(
  design: SelectivityDesign,
  isPlain: boolean,
): RaggedVectors | undefined {
  const { groupCount, personCount: persons } = design;
  const range = mostWhole(design);
  if (range >= LARGEST) return undefined;
  const layout = strataLayout({ groupCount, persons, range, isRagged: true });
  const sums = new TiltSums(layout, isPlain);
  const { buffer } = sums.code.memory;
  const wholes = (at: number, length: number) => new Int32Array(buffer, at, length);
  const room = groupCount * layout.stride;
  const bits = fineBits(range);
  return {
    layout,
    sums,
    below: wholes(layout.below, room),
    above: wholes(layout.above, room),
    helds: new Float64Array(buffer, layout.helds, layout.stride),
    masks: wholes(layout.masks, 2 * room),
    bits,
    absent: ((range >> bits) + 1) << bits,
  };
}
