/**
 * What `strata_wasm.ts` does, in TypeScript, bit for bit: for its tests, and where vectors are not known.
 *
 * @module
 */
import { LADDERS } from "./ladder.ts";
import { placeBits, type StrataCode, type StrataLayout } from "./strata_layout.ts";

/** The code for a layout. */
export function strataPlain(layout: StrataLayout): StrataCode {
  const { groupCount, rows, stride, isRagged, bytes, ranges } = layout;
  const memory = { buffer: new ArrayBuffer(Math.ceil(bytes / 65536) * 65536) };
  const wholes = new Int32Array(memory.buffer);
  const floats = new Float64Array(memory.buffer);
  const [below, above] = [layout.below / 4, layout.above / 4];
  const [fine, coarse, table] = [layout.fine / 8, layout.coarse / 8, layout.table / 8];
  const share = 1 / groupCount;

  /** Lanes are persons in turn, as in the vectors: sums of them are added at the end. */
  function writeLane(lane: number, sums: readonly number[]): void {
    sums.forEach((sum, i) => floats[layout.sums / 8 + 2 * i + lane] = sum);
  }

  /** Moves the largest or smallest of a person's first scores to their end, all others one place forward. */
  function toEnd(first: number, count: number, choose: (a: number, b: number) => number): number {
    let best = wholes[first]!;
    let at = first;
    for (let group = 1; group < count; group++, at += stride) {
      const score = wholes[at + stride]!;
      const next = choose(best, score);
      wholes[at] = best + score - next;
      best = next;
    }
    wholes[at] = best;
    return best;
  }

  function spreadLane(from: number, to: number, lane: number): void {
    let [means, variance, skew, kurtosis, highest, lowest] = [0, 0, 0, 0, 0, 0];
    let [tiesHigh, tiesLow, range, bits] = [1, 1, 0, 0];
    for (let first = from / 4 + lane; first < to / 4; first += 2) {
      const [high, low] = [
        toEnd(first, groupCount, Math.max),
        toEnd(first, groupCount - 1, Math.min),
      ];
      let sum = 0;
      for (let group = 0, at = first; group < groupCount; group++, at += stride) sum += wholes[at]!;
      const mean = sum / groupCount;
      let [squares, cubes, fourths, tiedHigh, tiedLow] = [0, 0, 0, 0, 0];
      for (let group = 0, at = first; group < groupCount; group++, at += stride) {
        const score = wholes[at]!;
        bits |= high - score;
        const isHighest = group === groupCount - 1;
        if (!isHighest) wholes[below + at] = high - score << 2;
        if (group !== groupCount - 2) {
          wholes[above + (isHighest ? at - stride : at)] = score - low << 2;
        }
        tiedHigh += Number(score === high);
        tiedLow += Number(score === low);
        const b = score - mean;
        const square = b * b;
        squares += square;
        cubes += square * b;
        fourths += square * square;
      }
      squares *= share;
      means += mean;
      variance += squares;
      skew += cubes * share;
      kurtosis += fourths * share - 3 * squares * squares;
      highest += high;
      lowest += low;
      tiesHigh *= tiedHigh;
      tiesLow *= tiedLow;
      range = Math.max(range, high - low);
    }
    writeLane(lane, [means, variance, skew, kurtosis, highest, lowest, tiesHigh, tiesLow]);
    wholes[ranges / 4 + lane] = range;
    wholes[ranges / 4 + 4 + lane] = bits;
  }

  function tiltLane(
    lane: number,
    { from, to, weightOf, person: firstPerson, own }: {
      from: number;
      to: number;
      weightOf: (d: number) => number;
      person: number;
      own: number;
    },
  ): void {
    let [product, gap, spread, skew, kurtosis] = [1, 0, 0, 0, 0];
    for (let person = from / 4 + lane; person < to / 4; person += 2) {
      // 1 is the weight of the score of which no distance is kept.
      let [mass, first, second, third, fourth] = [isRagged ? 0 : 1, 0, 0, 0, 0];
      for (let row = 0, at = person; row < rows; row++, at += stride) {
        const d = wholes[at]!;
        const weight = weightOf(d);
        const w1 = weight * d;
        const w2 = w1 * d;
        const w3 = w2 * d;
        mass += weight;
        first += w1;
        second += w2;
        third += w3;
        fourth += w3 * d;
      }
      const index = firstPerson / 8 + person - from / 4;
      if (isRagged && wholes[own / 4 + 2 * index] === 0) continue; // not in the group
      product *= isRagged ? mass / floats[layout.helds / 8 + index]! : mass * share;
      const inverse = 1 / mass;
      const mean = first * inverse;
      const square = second * inverse;
      const cube = third * inverse;
      const variance = square - mean * mean;
      const central = cube - mean * (square + (variance + variance));
      gap += mean;
      spread += variance;
      skew += central;
      kurtosis += fourth * inverse - mean * (cube + 3 * (central + mean * variance)) -
        3 * (variance * variance);
    }
    writeLane(lane, [product, gap, spread, skew, kurtosis]);
  }

  function climbLane(
    lane: number,
    { from, to, weightOf, rungs }: {
      from: number;
      to: number;
      weightOf: (d: number) => number;
      rungs: readonly number[];
    },
  ): void {
    const products = rungs.map(() => 1);
    for (let person = from / 4 + lane; person < to / 4; person += 2) {
      const masses = rungs.map(() => 1);
      for (let row = 0, at = person; row < rows; row++, at += stride) {
        const weight = weightOf(wholes[at]!);
        const square = weight * weight;
        const cube = square * weight;
        const weights = [weight, square, cube, square * square];
        const powers = [cube, cube * square];
        // From each rung to the next but one.
        rungs.forEach((rung, i) => {
          masses[i]! += powers[i % 2]!;
          powers[i % 2]! *= weights[(rungs[i + 2] ?? rung + 1) - rung - 1]!;
        });
      }
      masses.forEach((mass, i) => products[i]! *= mass * share);
    }
    products.forEach((product, i) => floats[layout.products / 8 + 2 * i + lane] = product);
  }

  /** By two tables of which the finer one takes so many bits. */
  function weightByTwo(bits: number): (d: number) => number {
    const mask = (1 << bits) - 1;
    return (d) => {
      const place = d >> placeBits(layout);
      return floats[coarse + (place >> bits)]! * floats[fine + (place & mask)]!;
    };
  }

  const weightByTable = (d: number) => floats[table + d / 8]!;

  return {
    memory,
    spread(from, to) {
      spreadLane(from, to, 0);
      spreadLane(from, to, 1);
    },
    double(from, to) {
      for (const first of [below, above]) {
        for (let i = 0; i < rows; i++) {
          const row = first + i * stride;
          for (let at = row + from / 4; at < row + to / 4; at++) wholes[at]! *= 2;
        }
      }
    },
    tilt(from, to, bits, person, own) {
      const weightOf = weightByTwo(bits);
      for (const lane of [0, 1]) tiltLane(lane, { from, to, weightOf, person, own });
    },
    multiply(coarseLength, bits) {
      const length = 1 << bits;
      for (let i = 0; i < coarseLength * length; i++) {
        floats[table + i] = floats[coarse + (i >> bits)]! * floats[fine + (i & length - 1)]!;
      }
    },
    tiltByTable(from, to) {
      const range = { from, to, weightOf: weightByTable, person: 0, own: 0 };
      for (const lane of [0, 1]) tiltLane(lane, range);
    },
    climb(ladder, from, to, bits) {
      const weightOf = bits === undefined ? weightByTable : weightByTwo(bits);
      const { rungs } = LADDERS[ladder]!;
      for (const lane of [0, 1]) climbLane(lane, { from, to, weightOf, rungs });
    },
  };
}
