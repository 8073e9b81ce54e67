/**
 * Two halves of the persons: what is chosen on one is estimated on the other.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The persons, in the order of their hashes. */
export interface PersonHalves {
  /** Those on whose questions features are chosen. */
  readonly choose: string[];
  /** Those on whose questions the chosen features are estimated. */
  readonly estimate: string[];
}

/**
 * Divides persons at random, always in the same way: they are sorted by the SHA-256 of
 * `seed:person`, and the first half, with the middle one, chooses.
 *
 * @param persons The persons' names; one that occurs twice counts once.
 * @param seed Any whole number; another one divides them differently.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { personHalves } from "@coact/coact";
 *
 * const { choose, estimate } = personHalves(["Ada", "Grace", "Emmy"], 0);
 * assert.equal(choose.length, 2);
 * assert.equal(estimate.length, 1);
 * ```
 */
export function personHalves(persons: Iterable<string>, seed: number): PersonHalves {
  const hashed = Array.from(new Set(persons), (person) => ({
    person,
    hash: createHash("sha256").update(`${seed}:${person}`).digest("hex"),
  }));
  hashed.sort((a, b) => a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
  const sorted = hashed.map(({ person }) => person);
  const middle = Math.ceil(sorted.length / 2);
  return { choose: sorted.slice(0, middle), estimate: sorted.slice(middle) };
}
