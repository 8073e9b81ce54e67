import type { TiltedMoments } from "../../../lib/stats/selectivity/tilt_step.ts";
import { wideMoments } from "../../../lib/stats/selectivity/wide_moments.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

Deno.test("the sums at a tilt are derivatives of ln of the mean weight, of persons in the group", () => {
  // Three persons, two groups; the last one is not in the first group.
  const gaps = Float64Array.of(0, 3e9, -1, 5e9, 0, 0);
  const at = (t: number): TiltedMoments =>
    wideMoments(gaps, { t, group: 0, groupCount: 2, persons: 3, stride: 3 });
  const t = 3e-10;
  const found = at(t);
  const lnMean = Math.log((1 + Math.exp(-5e9 * t)) / 2) + Math.log((1 + Math.exp(-3e9 * t)) / 2);
  assertClose(found.lnMean, lnMean, { relative: 1e-14 });
  // Each is minus the derivative of the one before.
  const h = 1e-14;
  const slope = (name: "lnMean" | "gap" | "spread" | "skew") =>
    (at(t + h)[name] - at(t - h)[name]) / (2 * h);
  assertClose(found.gap, -slope("lnMean"), { relative: 1e-6 });
  assertClose(found.spread, -slope("gap"), { relative: 1e-6 });
  assertClose(found.skew, -slope("spread"), { relative: 1e-6 });
  assertClose(found.kurtosis, -slope("skew"), { relative: 1e-6 });
});
