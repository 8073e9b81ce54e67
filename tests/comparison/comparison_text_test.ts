import assert from "node:assert/strict";
import { comparisonText } from "../../lib/comparison/comparison_text.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { run } from "../support/compared_runs.ts";

/** The page on a relation of two runs: what it is called, and each of its wordings, and a note on it. */
function pageWith(name: string, { hasBoth = true } = {}): string {
  const [first] = compareSites(run(), run({ seed: 1 }), "features")!;
  const byWording = { [`${name}0`]: 0.9, [`${name}1`]: 0.8 };
  const pair = {
    ...first!,
    relation: "r",
    a: { ...first!.a, byWording, doAgree: true },
    b: { ...first!.b, byWording: {}, doAgree: hasBoth ? true : null },
  };
  return comparisonText({
    directories: ["one", "two"],
    labels: new Map([["r", name]]),
    layers: [{ layer: 3, pairs: { features: [pair] } }],
    notes: [`label_order is "${name}" in A.`],
  });
}

Deno.test("names from files are text on the page of a comparison, whatever they hold", () => {
  const page = pageWith("*a*|_b_");
  assert(page.includes("| layer 3 | \\*a\\*\\|\\_b\\_ |"), page);
  assert(page.includes("| \\*a\\*\\|\\_b_0: 0.90, \\*a\\*\\|\\_b_1: 0.80 (agree) |"), page);
  assert(page.includes('- label_order is "\\*a\\*|\\_b\\_" in A.'), page);
});

Deno.test("one AUROC of several wordings is no AUROCs", () => {
  assert.match(pageWith("r", { hasBoth: false }), /Of 1 AUROC of a relation with two wordings/);
  assert.match(pageWith("r"), /Of 2 AUROCs of a relation with two wordings/);
});

Deno.test("where persons are not known, dashes are not explained by them", () => {
  const how = { directories: ["one", "two"], labels: new Map(), layers: [], notes: [] } as const;
  assert.match(comparisonText(how), /fewer than ten persons are active/);
  assert.match(
    comparisonText({ ...how, units: "questions" }),
    /fewer than ten questions are active/,
  );
});

Deno.test("below the table by relation stands why an interval is missing", () => {
  const few = compareSites(run({ persons: 12 }), run({ persons: 12 }), "features")!;
  const page = comparisonText({
    directories: ["one", "two"],
    labels: new Map(),
    layers: [{ layer: 3, pairs: { features: few } }],
    notes: [],
  });
  assert.match(
    page,
    /\[-\] .*\n\nA number or an interval is missing .*\n\n- fewer than 10 persons [^(]*: .*\(\d+\)/,
  );
});
