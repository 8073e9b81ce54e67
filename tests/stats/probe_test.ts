import assert from "node:assert/strict";
import { fitLogistic } from "../../lib/stats/logistic.ts";
import { chooseByAuroc, chooseForward, scoreProbe } from "../../lib/stats/probe.ts";
import { assertClose, statisticsArray, statisticsCases } from "../support/statistics_fixtures.ts";

const QUESTIONS = 360;

Deno.test("probes are the oracle's: their features, their fit, their score on other persons", () => {
  const matrix = new Float32Array(statisticsArray("probe_x")); // [questions, features]
  const count = matrix.length / QUESTIONS;
  const half = (first: number) => {
    const at = Array.from({ length: QUESTIONS / 2 }, (_, i) => first + i);
    const features = Array.from(
      { length: count },
      (_, feature) => at.map((question) => matrix[question * count + feature]!),
    );
    return { features, inGroup: at.map((question) => question % 6 === 0) };
  };
  const [training, heldOut] = [half(0), half(QUESTIONS / 2)];
  for (const each of statisticsCases("probe")) {
    const choose = each.rule === "by AUROC" ? chooseByAuroc : chooseForward;
    const chosen = choose(training.features, training.inGroup, each.k);
    assert.deepEqual(chosen, each.features, each.rule);
    const of = ({ features }: { features: number[][] }) => chosen.map((f) => features[f]!);
    const fit = fitLogistic(of(training), training.inGroup);
    const fitted = [fit.loss, fit.intercept, ...fit.coefficients, ...fit.means, ...fit.deviations];
    const { loss_train, intercept, coefficients, mean, sd } = each;
    const expected = [loss_train, intercept, ...coefficients, ...mean, ...sd];
    assertClose(fitted, expected, { relative: 1e-8 }, `${each.rule} ${each.k}`);
    const score = scoreProbe(fit, of(heldOut), heldOut.inGroup);
    assertClose(
      [score.accuracy, score.balancedAccuracy, score.auroc],
      [each.accuracy_heldout, each.balanced_accuracy_heldout, each.auroc_heldout],
      { relative: 0, absolute: 1e-12 },
    );
  }
});

Deno.test("scoreProbe() has no share of no questions", () => {
  const fit = fitLogistic([[2, 1.5, 0.1, 0]], [1, 1, 0, 0]);
  const none = { accuracy: null, balancedAccuracy: null, auroc: null };
  assert.deepEqual(scoreProbe(fit, [[]], []), none);
});
