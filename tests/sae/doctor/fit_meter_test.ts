import assert from "node:assert/strict";
import { FitMeter } from "../../../lib/sae/doctor/fit_meter.ts";

Deno.test("FitMeter gives the squared error by the variance, whatever the blocks", () => {
  const meter = new FitMeter(2, 3);
  meter.add({
    targets: Float32Array.of(1, 0, -1, 0),
    decoded: Float32Array.of(1, 0.5, -1, 0),
    features: Float32Array.of(1, 0, 0, 0, 0, -2),
  });
  meter.add({
    targets: Float32Array.of(0, 2),
    decoded: Float32Array.of(0, 0),
    features: Float32Array.of(1, 0, 3),
  });
  const { fit } = meter;
  // The mean is (0, 2/3); squared distances 1 + 4/9, 1 + 4/9, 16/9 make 14/3.
  assert(Math.abs(fit.unexplained! - 4.25 / (14 / 3)) < 1e-12);
  assert.deepEqual([fit.states, fit.activeFeatures, fit.featureCount], [3, 2, 3]);
  assert(Math.abs(fit.l0 - 4 / 3) < 1e-12);
});

Deno.test("FitMeter cannot tell what is unexplained of one state, of equal ones, or undecoded", () => {
  const features = Float32Array.of(1, 0);
  const of = (targets: Float32Array, decoded?: Float32Array) => {
    const meter = new FitMeter(1, 1);
    meter.add({ targets, decoded, features: features.subarray(0, targets.length) });
    return meter.fit.unexplained;
  };
  assert.equal(of(Float32Array.of(5), Float32Array.of(4)), undefined);
  assert.equal(of(Float32Array.of(5, 5), Float32Array.of(4, 4)), undefined);
  assert.equal(of(Float32Array.of(5, 6)), undefined);
});
