import assert from "node:assert/strict";
import type { Fit } from "../../lib/doctor/fit_meter.ts";
import { judgeFit } from "../../lib/doctor/judge_fit.ts";

function fit(unexplained: number | undefined, changes: Partial<Fit> = {}): Fit {
  const halves = unexplained === undefined ? undefined : [unexplained, unexplained] as const;
  return {
    states: 100,
    unexplained,
    unexplainedHalves: halves,
    l0: 30,
    activeFeatures: 200,
    featureCount: 300,
    ...changes,
  };
}

const at = (site: string, of: Fit) => ({ site, fit: of });
const texts = (...[given]: Parameters<typeof judgeFit>) => judgeFit(given).map(({ text }) => text);

Deno.test("judgeFit() has nothing against an SAE that fits best where it is", () => {
  const here = at("post 5", fit(0.2));
  const neighbours = [at("post 4", fit(0.3)), at("post 6", fit(0.25))];
  assert.deepEqual(judgeFit({ here, neighbours, declaredL0: 40 }), []);
});

Deno.test("judgeFit() minds more variance unexplained than there is", () => {
  const [text, ...others] = texts({ here: at("post 5", fit(1.25)) });
  assert.match(text!, /leaves 1\.25 of the variance of 100 states at post 5 unexplained/);
  assert.deepEqual(others, []);
  assert.deepEqual(judgeFit({ here: at("post 5", fit(1)) }), []);
  assert.deepEqual(judgeFit({ here: at("post 5", fit(undefined)) }), []);
});

Deno.test("judgeFit() says of which states the variance is, and that it is more than all", () => {
  const [little] = texts({ here: at("post 5", fit(1.0149)) });
  assert.match(little!, /^it leaves 1\.01 of /);
  const [least] = texts({ here: at("post 5", fit(1.0042, { states: 256 })) });
  assert.match(least!, /^it leaves 1\.004 of /);
  const [transcoder] = texts({ here: { ...at("mid 5", fit(1.25)), predicted: "mlp_out 5" } });
  assert.match(
    transcoder!,
    /^it leaves 1\.25 of the variance of 100 states at mlp_out 5, predicted from mid 5, unexplained/,
  );
});

Deno.test("judgeFit() minds a number of active features that is off by more than a factor of 2", () => {
  const here = at("post 5", fit(0.2));
  for (const declaredL0 of [15, 60]) assert.deepEqual(judgeFit({ here, declaredL0 }), []);
  for (const declaredL0 of [14.9, 60.1]) {
    assert.match(texts({ here, declaredL0 })[0]!, new RegExp(`30 .* declare ${declaredL0}`));
  }
});

Deno.test("judgeFit() minds a neighbour that is clearly better, and names the best", () => {
  const here = at("post 5", fit(0.4));
  const neighbours = [at("post 4", fit(0.25)), at("post 6", fit(0.1))];
  assert.match(texts({ here, neighbours })[0]!, /fits post 6 better than post 5: 0\.100 .* 0\.400/);
});

Deno.test("judgeFit() doubts a site whose neighbour is a little better", () => {
  const here = at("post 5", fit(0.4));
  for (const unexplained of [0.361, 0.379]) {
    const [found, ...others] = judgeFit({ here, neighbours: [at("post 6", fit(unexplained))] });
    assert.equal(found!.severity, "doubt");
    assert.match(
      found!.text,
      /^it fits post 6 a little better than post 5: 0\.3\d\d .* 0\.400 here/,
    );
    assert.deepEqual(others, []);
  }
  // One that is clearly better is what is said, whatever else is beside it.
  const neighbours = [at("post 6", fit(0.37)), at("post 4", fit(0.1))];
  assert.deepEqual(judgeFit({ here, neighbours }).map(({ severity }) => severity), ["misfit"]);
});

Deno.test("judgeFit() doubts a site whose neighbour is clearly the better one of two good fits", () => {
  // An SAE of post 6 with 92 active features of 64 dimensions, read at post 5.
  const here = at("post 5", fit(0.012));
  const [found, ...others] = judgeFit({ here, neighbours: [at("post 6", fit(0.0085))] });
  assert.equal(found!.severity, "doubt");
  assert.match(
    found!.text,
    /^it fits post 6 a little better than post 5: 0\.00850 .* 0\.0120 here/,
  );
  assert.deepEqual(others, []);
});

Deno.test("judgeFit() doubts a fit of which a scale is most of what is left", () => {
  const judged = (left: number, unexplained: number, factor = 7.94) =>
    judgeFit({ here: at("post 5", fit(left, { adjusted: { unexplained, factor } })) });
  const [found, ...others] = judged(0.77, 0.009);
  assert.equal(found!.severity, "doubt");
  assert.match(
    found!.text,
    /^of the 0\.770 of .* 0\.00900 would be left if .* multiplied with 7\.94 and shifted/,
  );
  assert.deepEqual(others, []);
  // Texts of another kind have another mean, to which a shift alone leads.
  assert.deepEqual(judged(0.4, 0.17, 0.928), []);
  // BatchTopK that is read as ReLU is what a factor of 0.79 is of.
  assert.equal(judged(0.135, 0.0516, 0.79).length, 1);
  // What is left in any case, what is little, and what explains nothing of itself.
  for (const [left, adjusted] of [[0.2, 0.13], [0.01, 0.004], [0.8, 0.5]] as const) {
    assert.deepEqual(judged(left, adjusted), [], `${left}, ${adjusted}`);
  }
  assert.deepEqual(judged(47, 0.9).map(({ severity }) => severity), ["misfit"]);
  assert.deepEqual(judged(47, 0.1).map(({ severity }) => severity), ["misfit", "doubt"]);
});

Deno.test("judgeFit() does not mind a neighbour that is hardly better, or in one half only", () => {
  const here = at("post 5", fit(0.4));
  assert.deepEqual(judgeFit({ here, neighbours: [at("post 6", fit(0.389))] }), []);
  const half = fit(0.2, { unexplainedHalves: [0.05, 0.39] });
  assert.deepEqual(judgeFit({ here, neighbours: [at("post 6", half)] }), []);
  const bad = at("post 5", fit(1.5));
  assert.equal(judgeFit({ here: bad, neighbours: [at("post 6", fit(1.1))] }).length, 1);
  const good = at("post 5", fit(0.002));
  assert.deepEqual(judgeFit({ here: good, neighbours: [at("post 6", fit(0.001))] }), []);
});

Deno.test("judgeFit() says on which side of the final norm an SAE seems to be trained", () => {
  const cases = [["post 5", "final", "after"], ["final", "post 5", "before"]] as const;
  for (const [here, other, side] of cases) {
    const [text] = texts({ here: at(here, fit(0.4)), neighbours: [at(other, fit(0.1))] });
    assert.match(text!, new RegExp(`fits ${other} better .* trained ${side} the final norm`));
  }
});

Deno.test("judgeFit() minds a neighbour that is alike to the SAE only if it is twice as good", () => {
  const of = (unexplained: number) => {
    const other = { ...at("post 5", fit(unexplained)), isAlike: true };
    return judgeFit({ here: at("final", fit(0.1)), neighbours: [other] });
  };
  assert.deepEqual([0.095, 0.08, 0.07, 0.051].flatMap(of), []);
  assert.deepEqual(of(0.049).map(({ severity }) => severity), ["misfit"]);
});
