/**
 * How much each person, each wording and each person in a wording has to do with an AUROC: what tells
 * how far two AUROCs go together over persons and wordings.
 *
 * Cameron, Gelbach and Miller, Journal of Business & Economic Statistics 29 (2011), for two kinds of
 * clusters that cross; of two estimates, the same sum holds for their covariance.
 *
 * @module
 */
import { influenceCorrelation } from "./person_influence.ts";
import { twoWayVariance } from "./two_way_variance.ts";

/** Influences by the names of their clusters; each kind sums to the same. */
export interface ClusterInfluences {
  /** Of each person. */
  readonly persons: ReadonlyMap<string, number>;
  /** Of each wording, and of each person in a wording; null where only persons count. */
  readonly crossed: {
    readonly wordings: ReadonlyMap<string, number>;
    readonly both: ReadonlyMap<string, number>;
  } | null;
}

/** Whose a question is, and which wording it has, by names that other runs know, too. */
export interface QuestionClusters {
  /** The person's name. */
  readonly person: string;
  /** The wording's; null if only persons count. */
  readonly wording: string | null;
}

/**
 * Sums the influences of questions by their clusters.
 *
 * @param influences The influence of each question, by its number.
 * @param clustersOf Whose a question is, and which wording it has; all of them have one, or none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusterInfluences } from "@coact/coact";
 *
 * const found = clusterInfluences(new Map([[0, 0.25], [1, -0.5], [2, 0.25]]), (question) => ({
 *   person: question < 2 ? "Ada" : "Alan",
 *   wording: question === 1 ? "asked so" : "asked otherwise",
 * }));
 * assert.deepEqual([...found.persons], [["Ada", -0.25], ["Alan", 0.25]]);
 * assert.deepEqual([...found.crossed!.wordings.values()], [0.5, -0.5]);
 * assert.equal(found.crossed!.both.size, 3);
 * ```
 */
export function clusterInfluences(
  influences: ReadonlyMap<number, number>,
  clustersOf: (question: number) => QuestionClusters,
): ClusterInfluences {
  const persons = new Map<string, number>();
  const wordings = new Map<string, number>();
  const both = new Map<string, number>();
  const add = (map: Map<string, number>, name: string, influence: number) =>
    map.set(name, (map.get(name) ?? 0) + influence);
  let isCrossed = true;
  for (const [question, influence] of influences) {
    const { person, wording } = clustersOf(question);
    add(persons, person, influence);
    isCrossed &&= wording !== null;
    if (wording === null) continue;
    add(wordings, wording, influence);
    add(both, JSON.stringify([person, wording]), influence);
  }
  return { persons, crossed: isCrossed ? { wordings, both } : null };
}

/**
 * The influences on the mean of AUROCs: over persons and wordings if those on each of them are.
 *
 * @param all At least one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meanInfluences } from "@coact/coact";
 *
 * const first = { persons: new Map([["Ada", 0.5], ["Alan", -0.5]]), crossed: null };
 * const second = { persons: new Map([["Ada", 0.1], ["Grace", -0.1]]), crossed: null };
 * const found = meanInfluences([first, second]);
 * assert.deepEqual([...found.persons], [["Ada", 0.3], ["Alan", -0.25], ["Grace", -0.05]]);
 * ```
 */
export function meanInfluences(all: readonly ClusterInfluences[]): ClusterInfluences {
  const mean = (mapOf: (each: ClusterInfluences) => ReadonlyMap<string, number>) => {
    const sums = new Map<string, number>();
    for (const each of all) {
      for (const [name, influence] of mapOf(each)) {
        sums.set(name, (sums.get(name) ?? 0) + influence / all.length);
      }
    }
    return sums;
  };
  return {
    persons: mean(({ persons }) => persons),
    crossed: all.some(({ crossed }) => crossed === null) ? null : {
      wordings: mean(({ crossed }) => crossed!.wordings),
      both: mean(({ crossed }) => crossed!.both),
    },
  };
}

/**
 * The variance of an estimate of which clusters have these influences: m/(m−1)·Σ influence² over persons,
 * or V_person + V_wording − V_both.
 *
 * @returns Null with fewer than two persons, or wordings if these count.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { influenceVariance } from "@coact/coact";
 *
 * const persons = new Map([["Ada", 0.5], ["Alan", -0.5]]);
 * assert.equal(influenceVariance({ persons, crossed: null }), 1);
 * ```
 */
export function influenceVariance({ persons, crossed }: ClusterInfluences): number | null {
  if (persons.size < 2) return null;
  const byPerson = factor(persons) * product(persons, persons);
  if (crossed === null) return byPerson;
  const { wordings, both } = crossed;
  if (wordings.size < 2) return null;
  return twoWayVariance({
    persons: byPerson,
    wordings: factor(wordings) * product(wordings, wordings),
    both: factor(both) * product(both, both),
  });
}

/**
 * How far two estimates go together, from −1 to 1. Where both are over persons and wordings, the covariance
 * is C_person + C_wording − C_both; otherwise it is that over persons. Clusters of one estimate that are
 * not those of the other have no part in it: 0 if there is nothing in common, or if one has no variance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusterCorrelation } from "@coact/coact";
 *
 * const first = { persons: new Map([["Ada", 0.5], ["Alan", -0.5]]), crossed: null };
 * const other = { persons: new Map([["Grace", 0.5], ["Kurt", -0.5]]), crossed: null };
 * assert.equal(clusterCorrelation(first, first), 1);
 * assert.equal(clusterCorrelation(first, other), 0);
 * ```
 */
export function clusterCorrelation(first: ClusterInfluences, second: ClusterInfluences): number {
  if (first.crossed === null && second.crossed === null) {
    return influenceCorrelation(first.persons, second.persons);
  }
  const variances = [influenceVariance(first), influenceVariance(second)];
  const scale = Math.sqrt((variances[0] ?? 0) * (variances[1] ?? 0));
  if (scale === 0) return 0;
  let covariance = covarianceOf(first.persons, second.persons);
  if (first.crossed !== null && second.crossed !== null) {
    covariance += covarianceOf(first.crossed.wordings, second.crossed.wordings) -
      covarianceOf(first.crossed.both, second.crossed.both);
  }
  return Math.max(-1, Math.min(1, covariance / scale));
}

function covarianceOf(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
): number {
  return Math.sqrt(factor(first) * factor(second)) * product(first, second);
}

/** The sum over the clusters of both of the product of their influences. */
function product(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [name, influence] of first) sum += influence * (second.get(name) ?? 0);
  return sum;
}

function factor({ size }: ReadonlyMap<string, number>): number {
  return size < 2 ? 0 : size / (size - 1);
}
