import assert from "node:assert/strict";
import { auroc } from "../../../lib/stats/auroc.ts";
import { aurocInterval } from "../../../lib/stats/auroc_interval.ts";
import { clusteredMean } from "../../../lib/stats/clustered_mean.ts";
import { crossedIntervals } from "../../../lib/stats/crossed_intervals.ts";
import { clusteredVariance } from "../../../lib/stats/clustered_variance.ts";
import { rankSumTail } from "../../../lib/stats/rank_sum_tail.ts";
import { sampleMoments } from "../../../lib/stats/sample_moments.ts";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import {
  roomForExtremes,
  roomForSelectivity,
  type Selectivity,
  SelectivityMeter,
} from "../../../lib/stats/selectivity/selectivity.ts";
import { studentQuantile } from "../../../lib/stats/t_tail.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

const THRESHOLD = 0.1;

interface Asked {
  readonly groups: number[];
  readonly persons?: number[];
}

/** What the meter finds, and what the public functions find of one feature and group. */
function measure(columns: Float32Array[], { groups, persons }: Asked, groupCount?: number) {
  const options = { persons, ...groupCount === undefined ? {} : { groupCount } };
  const design = selectivityDesign(groups, options);
  const meter = new SelectivityMeter(design, {
    threshold: THRESHOLD,
    isChoosing: isChoosing(groups),
  });
  const result = roomForSelectivity(design.groupCount, columns.length);
  const featureCount = columns.length;
  columns.forEach((column, feature) => meter.measure(column, result, { feature, featureCount }));
  return result;
}

function assertAsPublic(result: Selectivity, columns: Float32Array[], { groups, persons }: Asked) {
  const groupCount = Math.max(...groups) + 1;
  for (let group = 0; group < groupCount; group++) {
    columns.forEach((column, feature) => {
      const at = group * columns.length + feature;
      const what = `group ${group}, feature ${feature}`;
      const inGroup = groups.map((each) => each === group);
      const of = (wanted: boolean) => column.filter((_, i) => inGroup[i] === wanted);
      const [inside, outside] = [of(true), of(false)].map((values) =>
        sampleMoments(values, THRESHOLD)
      );
      // A difference of means is no better than the means' own last digits.
      const absolute = 1e-15 * Math.max(10, ...column.map(Math.abs));
      const real = (value: number | null | undefined) => value ?? NaN;
      const close = (actual: number, expected: number, relative = 1e-12) =>
        Number.isNaN(expected)
          ? assert(Number.isNaN(actual), `${what}: ${actual}`)
          : assertClose(actual, expected, { relative, absolute }, what);
      close(result.mean_in[at]!, real(inside!.mean));
      close(result.mean_out[at]!, real(outside!.mean));
      close(result.sd_in[at]!, real(inside!.deviation));
      close(result.sd_out[at]!, real(outside!.deviation));
      assert.equal(result.active_in[at], inside!.active / inside!.n, what);
      assert.equal(result.active_out[at], outside!.active / outside!.n, what);
      assert.equal(result.auroc[at], auroc(column, inGroup).auroc, what);
      const half = isChoosing(groups);
      const chosen = <T>(values: Iterable<T>) => [...values].filter((_, i) => half[i] === 1);
      assert.equal(result.auroc_choosing[at], auroc(chosen(column), chosen(inGroup)).auroc, what);
      const tail = rankSumTail(column, { groups, persons, group })!;
      assertClose(result.log10_p[at], tail.log10P, { relative: 1e-8, absolute: 1e-9 }, what);

      const person = (i: number) => persons?.[i] ?? i;
      const clusters = clusteredVariance(column, { inGroup, persons })!;
      const active = new Set(
        groups.flatMap((_, i) => inGroup[i] && column[i]! > THRESHOLD ? [person(i)] : []),
      );
      const isSure = Math.min(clusters.i10, clusters.i01) >= 10 && active.size >= 10 &&
        !clusters.isConstant;
      const [low, high] = isSure ? aurocInterval(clusters)! : [NaN, NaN];
      close(result.auroc_low[at]!, low, 1e-10);
      close(result.auroc_high[at]!, high, 1e-10);
      const difference = isSure
        ? clusteredMean(sumsOf(column, inGroup, person), "difference")
        : null;
      close(result.difference_low[at]!, real(difference?.interval?.[0]), 1e-10);
      close(result.difference_high[at]!, real(difference?.interval?.[1]), 1e-10);
    });
  }
}

function sumsOf(column: Float32Array, inGroup: boolean[], person: (i: number) => number) {
  const count = Math.max(...inGroup.map((_, i) => person(i))) + 1;
  const zeros = () => new Array<number>(count).fill(0);
  const sums = { sumIn: zeros(), nIn: zeros(), sumOut: zeros(), nOut: zeros() };
  column.forEach((value, i) => {
    sums[inGroup[i] ? "sumIn" : "sumOut"][person(i)]! += value;
    sums[inGroup[i] ? "nIn" : "nOut"][person(i)]!++;
  });
  return sums;
}

/** Some of the questions, of all groups. */
function isChoosing(groups: readonly number[]): number[] {
  return groups.map((_, i) => Number(i % 5 < 2));
}

/** Features of all kinds: dense, sparse, of few levels, told apart, constant, dead. */
function features({ groups, persons }: Asked, seed: number): Float32Array[] {
  const random = new SeededRandom(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const offsets = Array.from({ length: groups.length }, normal);
  const make = (value: (i: number) => number) => Float32Array.from(groups, (_, i) => value(i));
  const person = (i: number) => offsets[persons?.[i] ?? i]!;
  return [
    make((i) => normal() + person(i)),
    make((i) => normal() + person(i) + 3 * groups[i]!),
    make((i) => normal() + person(i) + 0.5 * Number(groups[i] === 1)),
    make((i) => uniform() < 0.2 ? normal() + groups[i]! : 0),
    make(() => uniform() < 0.05 ? Math.abs(normal()) : 0),
    make((i) => groups[i] === 0 && uniform() < 0.4 ? 1 + uniform() : -0),
    make(() => random.below(3)),
    make((i) => groups[i] === 0 ? 1 + uniform() : -uniform()),
    make((i) => i === 5 ? -2 : 0),
    make(person),
    make(() => 2.5),
    make(() => 0),
    make((i) => 1e8 + 8 * random.below(9) + groups[i]!),
  ];
}

const balanced: Asked = {
  groups: Array.from({ length: 240 }, (_, i) => Math.floor(i / 60)),
  persons: Array.from({ length: 240 }, (_, i) => i % 60),
};

Deno.test("a meter finds what the public functions find, each person in every group", () => {
  const columns = features(balanced, 1);
  assertAsPublic(measure(columns, balanced), columns, balanced);
});

Deno.test("a meter finds it where persons have several questions about a group", () => {
  const asked = {
    groups: Array.from({ length: 240 }, (_, i) => Math.floor(i / 80)),
    persons: Array.from({ length: 240 }, (_, i) => i % 20),
  };
  const columns = features(asked, 2);
  assertAsPublic(measure(columns, asked), columns, asked);
});

Deno.test("a meter finds it where persons lack groups, and have unequal numbers of questions", () => {
  const random = new SeededRandom(9);
  const asked = {
    groups: Array.from({ length: 300 }, () => random.below(4)),
    persons: Array.from({ length: 300 }, () => random.below(50)),
  };
  const columns = features(asked, 3);
  assertAsPublic(measure(columns, asked), columns, asked);
});

Deno.test("a meter finds it where no persons are known, or each is in one group", () => {
  const groups = Array.from({ length: 120 }, (_, i) => i % 3);
  for (const asked of [{ groups }, { groups, persons: groups.map((_, i) => i % 60) }]) {
    const columns = features(asked, 4);
    assertAsPublic(measure(columns, asked), columns, asked);
  }
});

Deno.test("with ten persons and wordings on each side, intervals are over both", () => {
  const random = new SeededRandom(5);
  const asked = {
    groups: Array.from({ length: 360 }, (_, i) => i % 3),
    persons: Array.from({ length: 360 }, (_, i) => Math.floor(i / 3) % 30),
  };
  const wordings = asked.groups.map(() => random.below(12));
  // Each wording of a group shifts the activations: persons alone would be too sure.
  const shifts = Array.from({ length: 36 }, () => random.below(100) / 50);
  const column = Float32Array.from(
    asked.groups,
    (group, i) => random.below(100) / 100 + shifts[3 * wordings[i]! + group]! + 0.5,
  );
  const [of, at] = [selectivityDesign(asked.groups, asked), { feature: 0, featureCount: 1 }];
  const [both, alone] = [wordings, undefined].map((wordings) => {
    const room = roomForSelectivity(3, 1);
    new SelectivityMeter(of, { threshold: THRESHOLD, wordings }).measure(column, room, at);
    return room;
  });
  for (const group of [0, 1, 2]) {
    const inGroup = asked.groups.map((each) => each === group);
    const own = asked.groups.map((each, i) => 12 * each + wordings[i]!);
    const pairs = own.map((each, i) => 30 * each + asked.persons[i]!);
    const [V, differences] = [asked.persons, own, pairs].map((persons) => {
      const sums = sumsOf(column, inGroup, (i) => persons[i]!);
      return [
        clusteredVariance(column, { inGroup, persons })!,
        clusteredMean(sums, "difference")!,
      ] as const;
    }).reduce(
      ([all, means], [variance, mean]) => [[...all, variance], [...means, mean]],
      [[], []] as [ReturnType<typeof clusteredVariance>[], ReturnType<typeof clusteredMean>[]],
    );
    const sum = ([persons, wordings, both]: (number | null)[]) => persons! + wordings! - both!;
    const variance = sum(V.map((each) => each!.variance));
    const interval = aurocInterval({ ...V[0]!, variance, i10: 12, i01: 24 })!;
    assertClose(both!.auroc_low[group]!, interval[0], { relative: 1e-10 }, `group ${group}`);
    assertClose(both!.auroc_high[group]!, interval[1], { relative: 1e-10 }, `group ${group}`);
    // A wording is on one side alone, so that the twelve of the group count, not the 36 of all.
    const half = studentQuantile(11) *
      Math.sqrt(sum(differences.map((d) => d!.standardError! ** 2)));
    const high = differences[0]!.estimate + half;
    assertClose(both!.difference_high[group]!, high, { relative: 1e-9 }, `group ${group}`);
    const width = (room: Selectivity) => room.auroc_high[group]! - room.auroc_low[group]!;
    assert(width(both!) > 1.3 * width(alone!), `${width(both!)} ${width(alone!)}`);
    assert.deepEqual(both!.log10_p, alone!.log10_p); // p is of these wordings
    const { persons } = asked;
    const crossed = crossedIntervals([...column], { inGroup, persons, wordings: own })!;
    assertClose(crossed.auroc![0], interval[0], { relative: 1e-10 }, `group ${group}`);
    assertClose(crossed.difference![1], high, { relative: 1e-9 }, `group ${group}`);
  }
  // With nine wordings, nothing can be said of others.
  const few = roomForSelectivity(3, 1);
  const meter = new SelectivityMeter(of, {
    threshold: THRESHOLD,
    wordings: wordings.map((each) => Math.min(each, 8)),
  });
  meter.measure(column, few, at);
  assert.deepEqual(few, alone);
});

Deno.test("a meter gives no value where there is none", () => {
  const groups = [0, 0, 0, 0];
  const alone = measure([Float32Array.of(1, 2, 3, 4)], { groups });
  assert.equal(alone.mean_in[0], 2.5);
  for (const measure of ["mean_out", "sd_out", "active_out", "auroc", "log10_p"] as const) {
    assert(Number.isNaN(alone[measure][0]), measure);
  }
  const lacking = measure([Float32Array.of(1, 2, 3, 4)], { groups: [0, 0, 2, 2] }, 3);
  assert(Number.isNaN(lacking.mean_in[1]) && Number.isNaN(lacking.auroc[1]));
  assert.equal(lacking.auroc[2], 1);
});

Deno.test("a meter refuses NaN", () => {
  const columns = [Float32Array.of(1, NaN, 0, 2)];
  assert.throws(() => measure(columns, { groups: [0, 0, 1, 1] }), /question 1 is NaN/);
});

Deno.test("the extremes are the greatest activation and the share of zeros, whatever the signs", () => {
  const meter = new SelectivityMeter(selectivityDesign(Int32Array.of(0, 0, 1, 1)), {
    threshold: THRESHOLD,
  });
  const columns = [[0, 3, 0, 1], [0, 0, 0, 0], [-1, -4, -2, -3], [-1, 0, -2, 0], [5, 5, 2, 5]];
  const extremes = roomForExtremes(columns.length);
  columns.forEach((values, feature) => {
    const column = Float32Array.from(values);
    meter.measure(column, roomForSelectivity(2, 1), { feature: 0, featureCount: 1 });
    meter.writeExtremes(column, extremes, feature);
  });
  assert.deepEqual([...extremes.greatest], [3, 0, -1, 0, 5]);
  assert.deepEqual([...extremes.silent], [0.5, 1, 0, 0.5, 0]);
});
