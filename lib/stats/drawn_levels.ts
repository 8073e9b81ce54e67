/**
 * The tail of a sum of scores drawn from all, from the different scores and how often each is there.
 *
 * Skovgaard, Journal of Applied Probability 24 (1987): the double saddlepoint. Groups of a feature draw
 * from the same scores: the tables are made once, and one group's saddlepoint is where the next one's
 * is sought from, unless a table says where.
 *
 * @module
 */
import { type DrawnEdge, drawnEdge } from "./drawn_edge.ts";
import { type DrawnCumulants, drawnCumulants } from "./drawn_cumulants.ts";
import { LevelSets, type ScoreLevels } from "./level_sets.ts";
import { lugannaniRice } from "./lugannani_rice.ts";
import { type Saddle, saddleGuide } from "./saddle_guide.ts";
import { MIDDLE, type StratifiedTail } from "./stratified_tail.ts";

/** What was drawn. */
export interface Drawn {
  /** How many scores: at least one, and not all. */
  readonly drawn: number;
  /** Their sum. */
  readonly observed: number;
}

/** A value below this, times −1, is taken digit by digit. */
const SMALL = 0.02;
/** A step as small as this, relatively, leaves an error of its square. */
const LAST_STEP = 1e-5;
/** A value that is larger by this, and by this share of it, may be larger by rounding. */
const ROUNDING = 1e-12;

/** Finds the tails of one drawing after the other from the same scores. */
export class DrawnLevels {
  readonly #total: number;
  readonly #sum: number;
  readonly #squares: number;
  readonly #lowest: number;
  readonly #highest: number;
  readonly #levels: ScoreLevels;
  readonly #sets: LevelSets;
  readonly #known: { drawn: number; isHigh: boolean; centred: number; s: number; t: number }[] = [];
  readonly #edges = new Map<number, DrawnEdge>();
  readonly #guide: DrawnLevels | undefined;
  readonly #guides = new Map<number, ReturnType<typeof saddleGuide>>();

  /**
   * Reads scores.
   *
   * @param guide Like scores, of which a table says where the saddlepoints are; `true` if these shall have one
   * themselves, which pays if very many sums are asked for.
   */
  constructor(levels: ScoreLevels, guide?: DrawnLevels | true) {
    const { values, counts } = levels;
    this.#guide = guide === true ? this : guide;
    this.#sets = new LevelSets(levels);
    this.#levels = levels;
    let [total, sum, squares] = [0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      total += counts[i]!;
      sum += counts[i]! * values[i]!;
    }
    for (let i = 0; i < values.length; i++) squares += counts[i]! * (total * values[i]! - sum) ** 2;
    this.#total = total;
    this.#sum = sum;
    this.#squares = squares;
    const [lowest, highest] = [values[0] ?? 0, values.at(-1) ?? 0];
    this.#lowest = lowest;
    this.#highest = highest;
  }

  /** The tail of the sum of those that were drawn, on the side on which it lies. */
  tail({ drawn, observed }: Drawn): StratifiedTail {
    const n = this.#total;
    const centred = observed - drawn * this.#sum / n;
    if (this.#squares === 0) {
      return { observed, centred: 0, variance: 0, lnTail: 0, branch: "constant" };
    }
    const variance = drawn * (n - drawn) / (n * (n - 1)) * this.#squares / (n * n);
    if (Math.abs(centred) < MIDDLE * Math.sqrt(variance)) {
      return { observed, centred, variance, lnTail: 0, branch: "middle" };
    }
    const isHigh = centred > 0;
    const edge = this.#edge(drawn, isHigh);
    if (edge.sum === observed) {
      return { observed, centred, variance, lnTail: edge.ln, branch: "edge" };
    }
    const lnTail = this.#saddlepoint(drawn, isHigh, Math.abs(centred), edge.ln);
    return { observed, centred, variance, lnTail, branch: "saddlepoint" };
  }

  /** The largest or smallest sum of so many scores, and ln of the probability to draw it. */
  #edge(drawn: number, isHigh: boolean): DrawnEdge {
    return this.#edges.getOrInsertComputed(
      2 * drawn + Number(isHigh),
      () => drawnEdge(this.#levels, { drawn, isHigh }),
    );
  }

  /** Where the derivatives of Σ ln(1 − π + π·e^(s + tb)) are the number drawn and their sum. */
  #saddlepoint(drawn: number, isHigh: boolean, centred: number, lnEdge: number): number {
    const n = this.#total;
    const range = this.#highest - this.#lowest;
    const wanted = { drawn, isHigh, centred: centred / range };
    let { s, t } = this.#start(drawn, isHigh, centred);
    let here = this.#cumulants(wanted, s, t);
    for (let step = 0; step < 200; step++) {
      const { ss, st, tt, byS, byT } = here;
      const determinant = ss * tt - st * st;
      const stepS = -(tt * byS - st * byT) / determinant;
      const stepT = -(ss * byT - st * byS) / determinant;
      let length = 1;
      let next = this.#cumulants(wanted, s + stepS, t + stepT);
      while (!(next.value - here.value <= ROUNDING * (1 - here.value)) && length > 1e-9) {
        length /= 2;
        next = this.#cumulants(wanted, s + length * stepS, t + length * stepT);
      }
      s += length * stepS;
      t += length * stepT;
      here = next;
      if (Math.abs(length * stepT) <= LAST_STEP * Math.abs(t)) break;
    }
    if (this.#guide === undefined) this.#known.push({ drawn, isHigh, centred, s, t });
    const share = drawn / n;
    const { ss, st, tt } = here;
    const value = here.value < -SMALL ? here.value : this.#smallValue(wanted, s, t);
    const curvature = tt - st * st / ss;
    const u = -Math.expm1(-t) * Math.sqrt(curvature * ss / (n * share * (1 - share)));
    return lugannaniRice({ exponent: -value, u, lnEdge });
  }

  /** Where a saddlepoint is sought from by the table of these scores, which is made when it is first needed. */
  #guided(drawn: number, isHigh: boolean, sum: number): Saddle | undefined {
    const guide = this.#guides.getOrInsertComputed(
      2 * drawn + Number(isHigh),
      () => saddleGuide((s, t) => this.#cumulants({ drawn, isHigh, centred: 0 }, s, t)),
    );
    return guide(sum);
  }

  /**
   * Where a saddlepoint is sought from: where a table says; else, t grows about as the sum's distance from the mean does, and s with
   * its square; by how much, the nearest sum of as many scores says whose saddlepoint is known, or the
   * derivatives at t = 0.
   */
  #start(drawn: number, isHigh: boolean, centred: number): Saddle {
    const range = this.#highest - this.#lowest;
    const guide = this.#guide;
    const guided = guide && guide.#guided(drawn, isHigh, centred / range);
    if (guided) return guided;
    const n = this.#total;
    const share = drawn / n;
    const square = this.#squares / (n * n * n * range * range); // the mean square of b
    const t = centred / range / (n * share * (1 - share) * square);
    let best = { distance: centred, s: (share - 0.5) * square * t * t, t };
    for (const known of this.#known) {
      const distance = Math.abs(known.centred - centred);
      if (known.drawn !== drawn || known.isHigh !== isHigh || distance >= best.distance) continue;
      const ratio = centred / known.centred;
      best = { distance, s: known.s * ratio * ratio, t: known.t * ratio };
    }
    return best;
  }

  /** The function whose least value is sought, at a tilt. */
  #cumulants({ drawn, isHigh, centred }: Wanted, s: number, t: number): DrawnCumulants {
    const mean = this.#sum / this.#total;
    const scale = (isHigh ? 1 : -1) / (this.#highest - this.#lowest);
    const wanted = { drawn, total: this.#total, centred };
    return drawnCumulants(this.#sets.for(t), { mean, scale }, wanted, { s, t });
  }

  /** The value near the mean, where its terms cancel to their last digits. */
  #smallValue({ drawn, isHigh, centred }: Wanted, s: number, t: number): number {
    const { values, counts } = this.#sets.for(t);
    const scale = (isHigh ? t : -t) / (this.#highest - this.#lowest);
    const mean = this.#sum / this.#total;
    const share = drawn / this.#total;
    let value = -s * drawn - t * centred;
    for (let i = 0; i < values.length; i++) {
      const exponent = s + scale * (values[i]! - mean);
      value += counts[i]! * Math.log1p(share * Math.expm1(exponent));
    }
    return value;
  }
}

/** What is sought: the sum's distance from its mean, as a share of the range. */
interface Wanted {
  readonly drawn: number;
  readonly isHigh: boolean;
  readonly centred: number;
}
