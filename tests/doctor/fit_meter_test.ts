import assert from "node:assert/strict";
import { FitMeter } from "../../lib/doctor/fit_meter.ts";

Deno.test("FitMeter gives the squared error by the variance, and how many features are active", () => {
  const meter = new FitMeter(2);
  // Activations 1, 0, 1; 0, 0, 0; and 0, -2, 3.
  meter.addFeatures({ features: 2, active: 1, activations: 2 });
  meter.addFeatures({ features: 1, active: 1, activations: 2 });
  meter.addState(Float32Array.of(1, 0), Float64Array.of(1, 0.5), 0);
  meter.addState(Float32Array.of(-1, 0), Float64Array.of(-1, 0), 1);
  meter.addState(Float32Array.of(0, 2), Float64Array.of(0, 0), 1);
  const { fit } = meter;
  // The mean is (0, 2/3); squared distances 1 + 4/9, 1 + 4/9, 16/9 make 14/3.
  assert(Math.abs(fit.unexplained! - 4.25 / (14 / 3)) < 1e-12);
  const [half, other] = fit.unexplainedHalves!;
  assert(Math.abs(half - 0.25 / (14 / 9)) < 1e-12);
  assert(Math.abs(other - 2 / (14 / 9)) < 1e-12);
  assert.deepEqual([fit.states, fit.activeFeatures, fit.featureCount], [3, 2, 3]);
  assert(Math.abs(fit.l0 - 4 / 3) < 1e-12);
});

Deno.test("FitMeter cannot tell what is unexplained of one state, of equal ones, or undecoded", () => {
  const of = (targets: number[], decoded?: number[]) => {
    const meter = new FitMeter(1);
    targets.forEach((target, i) => {
      const own = decoded && Float64Array.of(decoded[i]!);
      meter.addState(Float32Array.of(target), own, i % 2 as 0 | 1);
    });
    return meter.fit.unexplained;
  };
  assert.equal(of([5], [4]), undefined);
  assert.equal(of([5, 5], [4, 4]), undefined);
  assert.equal(of([5, 6]), undefined);
});

Deno.test("FitMeter says what a factor and a shift of what is decoded would leave", () => {
  const meter = new FitMeter(2);
  const states = [[1, 5], [2, -1], [-3, 4], [0, 0.5]];
  // A third of each state, less (1, -2): all of it comes back.
  states.forEach(([x, y], i) =>
    meter.addState(Float32Array.of(x!, y!), Float64Array.of(x! / 3 - 1, y! / 3 + 2), i % 2 as 0 | 1)
  );
  const { unexplained, adjusted } = meter.fit;
  assert(unexplained! > 0.4);
  assert(Math.abs(adjusted!.factor - 3) < 1e-9 && adjusted!.unexplained < 1e-9);
  const still = new FitMeter(1);
  for (const x of [1, 2]) still.addState(Float32Array.of(x), Float64Array.of(7), 0);
  assert.equal(still.fit.adjusted, undefined); // what does not vary has no factor
});
