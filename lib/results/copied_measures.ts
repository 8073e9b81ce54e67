/**
 * Copies of measures for another thread, which becomes their owner: numbers that are sent and not
 * handed over are copied twice, and a piece at a time.
 *
 * @module
 */
import { MEASURES, type Selectivity } from "../stats/selectivity/selectivity.ts";

/** A copy, and the memory that is to be handed over with it. */
export interface Copied<T> {
  /** The copy. */
  readonly copy: T;
  /** The memory of its numbers. */
  readonly buffers: readonly ArrayBuffer[];
}

/** Copies measures. */
export function copiedMeasures(measures: Selectivity): Copied<Selectivity> {
  const copy = Object.fromEntries(
    MEASURES.map((measure) => [measure, measures[measure].slice()]),
  ) as Selectivity;
  return { copy, buffers: MEASURES.map((measure) => copy[measure].buffer) };
}
