import assert from "node:assert/strict";
import {
  clusterCorrelation,
  type ClusterInfluences,
  clusterInfluences,
  influenceVariance,
  meanInfluences,
} from "../../lib/stats/cluster_influences.ts";
import { noiseAt } from "../support/selectivity_sites.ts";

/** A question for each of eight persons in each of three wordings. */
const AT = Array.from({ length: 24 }, (_, i) => ({ i, person: i % 8, wording: Math.floor(i / 8) }));

/** Influences that a person, a wording and a question have a part in. */
function influences(seed: number): Map<number, number> {
  const raw = AT.map(({ i, person, wording }) =>
    noiseAt(seed, person) + 2 * noiseAt(seed, 50 + wording) + noiseAt(seed, 100 + i)
  );
  const mean = raw.reduce((a, b) => a + b) / raw.length;
  return new Map(raw.map((each, i) => [i, (each - mean) / raw.length]));
}

function clustered(
  seed: number,
  { run = "", persons = "" }: { run?: string; persons?: string } = {},
): ClusterInfluences {
  return clusterInfluences(influences(seed), (i) => ({
    person: `${persons}${AT[i]!.person}`,
    wording: `${run}${AT[i]!.wording}`,
  }));
}

/** m/(m−1)·Σ of the products of the sums over clusters, in a loop over pairs of questions. */
function covariance(
  a: Map<number, number>,
  b: Map<number, number>,
  keyOf: (question: (typeof AT)[number]) => string | number,
): number {
  let sum = 0;
  for (const one of AT) {
    for (const other of AT) {
      if (keyOf(one) === keyOf(other)) sum += a.get(one.i)! * b.get(other.i)!;
    }
  }
  const count = new Set(AT.map(keyOf)).size;
  return count / (count - 1) * sum;
}

function twoWay(a: Map<number, number>, b: Map<number, number>): number {
  return covariance(a, b, ({ person }) => person) + covariance(a, b, ({ wording }) => wording) -
    covariance(a, b, ({ i }) => i);
}

Deno.test("the variance and the covariance are those over persons and wordings less those over both", () => {
  const [a, b] = [influences(1), influences(2)];
  const [first, second] = [clustered(1), clustered(2)];
  const near = (found: number, expected: number) =>
    assert(Math.abs(found - expected) < 1e-14, `${found} is not ${expected}`);
  near(influenceVariance(first)!, twoWay(a, a));
  const expected = twoWay(a, b) / Math.sqrt(twoWay(a, a) * twoWay(b, b));
  assert(Math.abs(expected) > 0.05 && Math.abs(expected) < 1);
  assert(Math.abs(clusterCorrelation(first, second) - expected) < 1e-12);
  assert(Math.abs(clusterCorrelation(first, first) - 1) < 1e-12);
});

Deno.test("wordings of other files are others, and persons tie the runs all the same", () => {
  const [a, b] = [influences(1), influences(2)];
  const other = clustered(2, { run: "B" });
  const scale = Math.sqrt(twoWay(a, a) * twoWay(b, b));
  const expected = covariance(a, b, ({ person }) => person) / scale;
  assert(Math.abs(clusterCorrelation(clustered(1), other) - expected) < 1e-12);
  assert.equal(clusterCorrelation(clustered(1), clustered(2, { run: "B", persons: "q" })), 0);
});

Deno.test("where one of two is over persons alone, what they share is persons", () => {
  const [a, b] = [influences(1), influences(2)];
  const persons: ClusterInfluences = { ...clustered(2), crossed: null };
  const byPerson = (x: typeof a, y: typeof a) => covariance(x, y, ({ person }) => person);
  const expected = byPerson(a, b) / Math.sqrt(twoWay(a, a) * byPerson(b, b));
  assert(Math.abs(clusterCorrelation(clustered(1), persons) - expected) < 1e-12);
});

Deno.test("a mean is over persons and wordings only if all that it is made of are", () => {
  const [first, second] = [clustered(1), clustered(2)];
  const mean = meanInfluences([first, second]);
  const both = new Map(AT.map(({ i }) => [i, (influences(1).get(i)! + influences(2).get(i)!) / 2]));
  assert(Math.abs(influenceVariance(mean)! - twoWay(both, both)) < 1e-14);
  assert.equal(meanInfluences([first, { ...second, crossed: null }]).crossed, null);
});

Deno.test("questions without a wording leave persons alone, and one cluster has no variance", () => {
  const found = clusterInfluences(influences(1), (i) => ({
    person: String(AT[i]!.person),
    wording: i === 3 ? null : "a",
  }));
  assert.equal(found.crossed, null);
  assert.equal(influenceVariance({ persons: new Map([["p", 0.1]]), crossed: null }), null);
  const one = clusterInfluences(influences(1), (i) => ({ person: String(i), wording: "a" }));
  assert.equal(influenceVariance(one), null);
});
