/**
 * The threads that measure how selective features are.
 *
 * @module
 */
import { timed } from "../../base/work_log.ts";
import { answerRequests } from "../../compute/answer_requests.ts";
import { selectivityDesign } from "../../stats/selectivity/design.ts";
import {
  type FeatureExtremes,
  MEASURES,
  roomForExtremes,
  roomForSelectivity,
  type Selectivity,
  SelectivityMeter,
} from "../../stats/selectivity/selectivity.ts";

/** What the threads are told first: who was asked what. */
export interface SelectivitySetup {
  /** The group of each question. */
  readonly groups: Int32Array;
  /** How many groups there are. */
  readonly groupCount: number;
  /** Whose each question is; undefined if that is not known. */
  readonly persons: Int32Array | undefined;
  /** The wording of each question, from 0; undefined if that is not known. */
  readonly wordings?: Int32Array | undefined;
  /** Whether each question is of the half on which features are chosen: 1 or 0. */
  readonly isChoosing: Uint8Array;
  /** An activation above it is active. */
  readonly threshold: number;
}

/** The activations of some features, `[count, questions]`. */
export interface SelectivityRequest {
  /** How many features. */
  readonly count: number;
  /** The activations. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** What comes of it. */
export interface SelectivityAnswer {
  /** The measures, `[groups, count]` each. */
  readonly measures: Selectivity;
  /** Their extremes over all questions. */
  readonly extremes: FeatureExtremes;
  /** The activations, which go back. */
  readonly values: Float32Array<ArrayBuffer>;
}

let meter: SelectivityMeter | undefined;
let groups = 0;

answerRequests<SelectivitySetup, SelectivityRequest, SelectivityAnswer>({
  setUp({ groups: of, groupCount, persons, wordings, isChoosing, threshold }) {
    const design = selectivityDesign(of, { groupCount, persons });
    groups = groupCount;
    meter = new SelectivityMeter(design, { threshold, isChoosing, wordings });
  },
  answer({ count, values }) {
    const measures = roomForSelectivity(groups, count);
    const extremes = roomForExtremes(count);
    const questions = values.length / count;
    timed("statistics", () => {
      for (let feature = 0; feature < count; feature++) {
        const column = values.subarray(feature * questions, (feature + 1) * questions);
        meter!.measure(column, measures, { feature, featureCount: count });
        meter!.writeExtremes(column, extremes, feature);
      }
    });
    const buffers = new Set(MEASURES.map((measure) => measures[measure].buffer));
    return {
      answer: { measures, extremes, values },
      transfer: [...buffers, extremes.greatest.buffer, values.buffer],
    };
  },
});
