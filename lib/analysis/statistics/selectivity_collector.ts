/**
 * Measures how selective the features of a site are while their activations come in, and keeps the
 * activations of those that will be listed.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import {
  type FeatureExtremes,
  MEASURES,
  roomForSelectivity,
  type Selectivity,
} from "../../stats/selectivity/selectivity.ts";
import type { FeatureColumns } from "../../sae/encode/columns.ts";
import { PIECE, type SelectivityPool } from "./selectivity_pool.ts";

/** So many activations are on their way: enough for the threads while more are computed. */
const MOST_ON_THEIR_WAY = 16 * PIECE;

/** What was measured of a site. */
export interface MeasuredSite {
  /** The measures of all features. */
  readonly selectivity: Selectivity;
  /** The features that are listed, ascending: of each group those chosen, and all that were wanted. */
  readonly listed: Int32Array<ArrayBuffer>;
  /** Their activations, `[listed, questions]`. */
  readonly activations: Float32Array<ArrayBuffer>;
}

/** What is to be measured of a site. */
export interface CollectorOptions {
  /** How many features there are. */
  readonly featureCount: number;
  /** How many groups there are. */
  readonly groupCount: number;
  /** How many features are listed of each group: those that tell it apart best on the choosing half. */
  readonly listedPerGroup: number;
  /** Features that are listed in any case. */
  readonly alsoListed: readonly number[];
  /**
   * Shown neighbouring features, ascending, and what was measured of them; the values stay the collector's.
   * Default: nobody is.
   */
  readonly watch?: ((columns: FeatureColumns, measured: MeasuredFeatures) => void) | undefined;
}

/** What was measured of some features. */
export interface MeasuredFeatures {
  /** Their measures, `[groups, features]` each. */
  readonly measures: Selectivity;
  /** Their extremes over all questions. */
  readonly extremes: FeatureExtremes;
}

/** Takes the activations of a site, some features at a time, in any order. */
export class SelectivityCollector {
  readonly #pool: SelectivityPool;
  readonly #options: CollectorOptions;
  readonly #selectivity: Selectivity;
  /** The activations of features that are listed as far as is known. */
  readonly #kept = new Map<number, Float32Array<ArrayBuffer>>();
  /** The memory of those that are not any more, which others get. */
  readonly #free: Float32Array<ArrayBuffer>[] = [];
  /** For each group, the best features so far. */
  readonly #best: { feature: number; score: number }[][];
  /** Pieces that are measured, in their order. */
  readonly #coming: { readonly size: number; readonly placed: Promise<void> }[] = [];
  #placed: Promise<void> = Promise.resolve();

  /** Makes room for a site. */
  constructor(pool: SelectivityPool, options: CollectorOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#selectivity = roomForSelectivity(options.groupCount, options.featureCount);
    this.#best = Array.from({ length: options.groupCount }, () => []);
  }

  /**
   * Takes the activations of neighbouring features, `[count, questions]`, which are the threads' from then
   * on. It returns when few enough are on their way.
   */
  async take(
    { first, count, values }: { first: number; count: number; values: Float32Array<ArrayBuffer> },
  ): Promise<void> {
    const questions = values.length / count;
    const most = Math.max(1, Math.floor(PIECE / Math.max(1, questions)));
    const isWhole = count <= most && values.byteLength === values.buffer.byteLength;
    for (let from = 0; from < count; from += isWhole ? count : most) {
      const end = isWhole ? count : Math.min(count, from + most);
      const some = isWhole ? values : values.slice(from * questions, end * questions);
      await this.#send(first + from, end - from, some);
    }
  }

  async #send(first: number, count: number, values: Float32Array<ArrayBuffer>): Promise<void> {
    const size = values.length;
    const answer = this.#pool.measure({ count, values });
    const before = this.#placed;
    const place = async () => {
      const { measures, extremes, values } = await answer;
      await before;
      timed("statistics", () => {
        this.#place(measures, first);
        this.#choose(first, count, values);
        const questions = values.length / count;
        this.#options.watch?.({ first, count, questions, values }, { measures, extremes });
      });
      this.#pool.giveBack(values);
    };
    const placed = place();
    placed.catch(() => {}); // it is thrown when it is awaited
    this.#placed = placed;
    this.#coming.push({ size, placed });
    let onTheirWay = this.#coming.reduce((sum, { size }) => sum + size, 0);
    while (onTheirWay > MOST_ON_THEIR_WAY) {
      const { size, placed } = this.#coming.shift()!;
      await placed;
      onTheirWay -= size;
    }
  }

  /** Room for activations that are to be taken: that of a piece before, if it is as large. */
  get room(): (length: number) => Float32Array<ArrayBuffer> {
    return this.#pool.room;
  }

  /** What was measured, once all of it was taken. */
  async finish(): Promise<MeasuredSite> {
    await this.#placed;
    const listed = Int32Array.from(this.#kept.keys()).sort();
    const questions = this.#kept.get(listed[0] ?? -1)?.length ?? 0;
    const activations = new Float32Array(listed.length * questions);
    listed.forEach((feature, i) => activations.set(this.#kept.get(feature)!, i * questions));
    return { selectivity: this.#selectivity, listed, activations };
  }

  #place(answer: Selectivity, from: number): void {
    const { groupCount, featureCount } = this.#options;
    const count = answer.auroc.length / groupCount;
    for (const measure of MEASURES) {
      const part = answer[measure];
      for (let group = 0; group < groupCount; group++) {
        const row = part.subarray(group * count, (group + 1) * count);
        this.#selectivity[measure].set(row, group * featureCount + from);
      }
    }
  }

  /** Keeps the best of what was kept and of these. */
  #choose(first: number, count: number, values: Float32Array<ArrayBuffer>): void {
    const { groupCount, featureCount, listedPerGroup, alsoListed } = this.#options;
    const { auroc_choosing: aurocs } = this.#selectivity;
    for (let group = 0; group < groupCount; group++) {
      const best = this.#best[group]!;
      let floor = best[listedPerGroup - 1]?.score ?? 0;
      for (let feature = first; feature < first + count; feature++) {
        const score = Math.abs(aurocs[group * featureCount + feature]! - 0.5);
        if (!(score > floor)) continue;
        let at = best.length;
        while (at > 0 && best[at - 1]!.score < score) at--;
        best.splice(at, 0, { feature, score });
        best.length = Math.min(best.length, listedPerGroup);
        floor = best[listedPerGroup - 1]?.score ?? 0;
      }
    }
    const wanted = new Set(alsoListed);
    for (const best of this.#best) for (const { feature } of best) wanted.add(feature);
    for (const [feature, column] of this.#kept) {
      if (wanted.has(feature)) continue;
      this.#kept.delete(feature);
      this.#free.push(column);
    }
    const questions = values.length / count;
    for (const feature of wanted) {
      const at = (feature - first) * questions;
      if (feature < first || feature >= first + count) continue;
      const column = this.#free.pop() ?? new Float32Array(questions);
      column.set(values.subarray(at, at + questions));
      this.#kept.set(feature, column);
    }
  }
}
