import assert from "node:assert/strict";
import { SILENT } from "../../lib/base/observer.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { type SiteStates, trialPlace } from "../../lib/doctor/site_fits.ts";
import { tryAt } from "../../lib/doctor/trial.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { FINAL, type Site, siteText } from "../../lib/lm/site.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { decoderOf, type Sae } from "../../lib/sae/sae.ts";

/** One feature, the first of two numbers, which it gives back: the second it leaves unexplained. */
const SAE = {
  width: 2,
  featureCount: 1,
  rows: wholeRows(Float32Array.of(1, 0), 2),
  bias: new Float32Array(1),
  input: [],
  activation: { threshold: 0 },
  targets: [],
};
const DECODER = decoderOf({ weight: Float32Array.of(1, 0), bias: new Float32Array(2) });
const PLACE = trialPlace({
  site: { block: 1, point: "post" },
  predicted: undefined,
  blockCount: 3,
});

/** Four states at each site: the first number is 0 or 2, the second plus or minus this. */
function states(spread: Record<string, number>): SiteStates {
  return {
    at(site: Site) {
      const y = spread[siteText(site)]!;
      return rowsInMemory(Float32Array.of(0, y, 2, -y, 2, y, 0, -y), 2);
    },
  };
}

Deno.test("an SAE is judged by the tokens that it explains better; of all sites in one pass", async () => {
  using device = await openDevice("cpu");
  let reads = 0;
  const rows = {
    width: 2,
    read: (first: number, count: number) => {
      reads++;
      return SAE.rows.read(first, count);
    },
  };
  const subject = { sae: { ...SAE, rows }, decoder: DECODER, device, observer: SILENT };
  const good = states({ "post 0": 3, "post 1": 1, "post 2": 2 });
  const bad = states({ "post 0": 9, "post 1": 9, "post 2": 9 });
  const { judged, others } = await tryAt({ counted: bad, text: good }, PLACE, subject);
  assert.deepEqual([judged.tokens, others!.tokens], ["text", "counted"]);
  // Variances: 1 of the first number, y² of the second.
  assert.equal(judged.here.fit.unexplained, 0.5);
  assert.deepEqual(judged.neighbours.map(({ fit }) => fit.unexplained), [0.9, 0.8]);
  assert.deepEqual([judged.here.fit.l0, judged.here.fit.activeFeatures], [0.5, 1]);
  const inOnePass = reads;
  reads = 0;
  const other = await tryAt({ counted: good, text: undefined }, PLACE, subject);
  assert.deepEqual([other.judged.tokens, other.others], ["counted", undefined]);
  assert.equal(reads, inOnePass, "the encoder is read as often, however many states there are");
  const counted = await tryAt({ counted: good, text: bad }, PLACE, subject);
  assert.equal(counted.judged.tokens, "counted");
});

Deno.test("an SAE is tried on both sides of the final norm, which are alike to one that norms states", async () => {
  using device = await openDevice("cpu");
  const all = states({ "post 1": 1, "post 2": 1, final: 2 });
  const besides = async (site: Site, input: Sae["input"]) => {
    const place = trialPlace({ site, predicted: undefined, blockCount: 3 });
    const subject = { sae: { ...SAE, input }, decoder: DECODER, device, observer: SILENT };
    const { judged } = await tryAt({ counted: all, text: undefined }, place, subject);
    return judged.neighbours.map(({ site, isAlike = false }) => [site, isAlike]);
  };
  const last = { block: 2, point: "post" } as const;
  for (const input of [[], [{ kind: "centre" }]] as const) {
    assert.deepEqual(await besides(last, input), [["post 1", false], ["final", false]]);
    assert.deepEqual(await besides(FINAL, input), [["post 2", false]]);
  }
  for (const step of [{ kind: "layer_norm", epsilon: 1 }, { kind: "constant_norm" }] as const) {
    assert.deepEqual(await besides(last, [step]), [["post 1", false], ["final", true]]);
    assert.deepEqual(await besides(FINAL, [step]), [["post 2", true]]);
  }
});

Deno.test("what an SAE of centred states leaves is a part of the variance of the states as they are", async () => {
  using device = await openDevice("cpu");
  const input = [{ kind: "centre" }] as const;
  const silent = { ...SAE, input, rows: wholeRows(new Float32Array(2), 2) };
  const subject = { sae: silent, decoder: DECODER, device, observer: SILENT };
  const all = states({ "post 0": 1, "post 1": 1, "post 2": 1 });
  const { judged } = await tryAt({ counted: all, text: undefined }, PLACE, subject);
  // It gives each state its own mean back, and no more: an error of 1.5, of a variance of 2. That of
  // the centred states is 1.
  assert.equal(judged.here.fit.unexplained, 0.75);
});
