/**
 * What the slots make of each question.
 *
 * @module
 */
import { topFeatures } from "../stats/top_features.ts";
import type { Part } from "./questions.ts";
import { column, type Site } from "./site.ts";

/** The slots' activations of each question. */
export interface SlotValues {
  /** The own slot's. */
  readonly own: Float64Array;
  /** The mean of the other slots; empty if there are none. */
  readonly others: Float64Array;
  /** The greatest of the other slots; empty if there are none. */
  readonly greatestOther: Float64Array;
  /** Whether the largest slot is the own one; of equal ones the first counts. */
  readonly isRight: readonly boolean[];
  /** In how many questions others are as large as the largest. */
  readonly tied: number;
}

/** The slots' activations of some questions. */
export function slotValues(site: Site, part: Part): SlotValues {
  const { slots, slotCount, freeCount } = site;
  const columns = Array.from({ length: slotCount }, (_, k) => column(site, freeCount + k, part));
  const n = part.at.length;
  const own = new Float64Array(n);
  const others = new Float64Array(slotCount > 1 ? n : 0);
  const greatestOther = new Float64Array(others.length);
  let tied = 0;
  const isRight = part.groups.map((group, i) => {
    const mine = slots[group]!;
    const values = columns.map((values) => values[i]!);
    own[i] = values[mine]!;
    const rest = values.filter((_, slot) => slot !== mine);
    if (slotCount > 1) {
      others[i] = rest.reduce((sum, value) => sum + value, 0) / rest.length;
      greatestOther[i] = Math.max(...rest);
    }
    const [largest] = topFeatures(values, 1);
    if (values.filter((value) => value === values[largest!]).length > 1) tied++;
    return largest === mine;
  });
  return { own, others, greatestOther, isRight, tied };
}

/** Each question's own slot less the mean of the others, of which there are some. */
export function gapsOf({ own, others }: SlotValues): Float64Array<ArrayBuffer> {
  return Float64Array.from(own, (value, i) => value - others[i]!);
}
