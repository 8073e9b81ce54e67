/** Sites of a verdict with activations that a test makes up: nothing is read or computed by a model. */
import type { LayerSelectivity } from "../../lib/results/selectivity_files.ts";
import type { LayerNulls } from "../../lib/results/layer_nulls.ts";
import { NULL_SETS, type NullSetName } from "../../lib/results/null_record.ts";
import { auroc } from "../../lib/stats/auroc.ts";
import { lowerBound, sortedLog10Q } from "../../lib/stats/benjamini_hochberg.ts";
import { selectivityDesign } from "../../lib/stats/selectivity/design.ts";
import {
  MEASURES,
  roomForSelectivity,
  SelectivityMeter,
} from "../../lib/stats/selectivity/selectivity.ts";
import type { Site } from "../../lib/verdict/site.ts";

/** What is asked: each person about each relation, once in each wording. */
export interface MadeUp {
  /** How many persons there are. */
  readonly persons: number;
  /** How many relations. Default: 3. */
  readonly relations?: number;
  /** How many wordings of each. Default: 2. */
  readonly wordings?: number;
  /** How many tokens a question has. Default: 9, 10 or 11, by the person. */
  readonly tokens?: (question: Question) => number;
  /** Which questions are asked. Default: all. */
  readonly isAsked?: (question: Question) => boolean;
  /** The free features: each says what it gives for a question. Default: one for each relation. */
  readonly free?: readonly ((question: Question) => number)[];
  /** What a slot gives for a question; none if there are no slots. */
  readonly slot?: ((question: Question, slot: number) => number) | undefined;
  /** The layer. Default: 1. */
  readonly layer?: number;
  /**
   * What the best of each relation gives for a question in each set of nulls, the SAE's first. Default:
   * the first features of the SAE, noise, noise, the relation itself.
   */
  readonly nulls?: Readonly<Record<NullSetName, (question: Question, relation: number) => number>>;
}

/** A question. */
export interface Question {
  /** Its relation. */
  readonly relation: number;
  /** Its person. */
  readonly person: number;
  /** Its wording. */
  readonly wording: number;
  /** A number from 0 to 1 that is its own. */
  readonly noise: number;
}

/** A number from 0 to 1 that looks drawn at random, the same again for the same numbers. */
export function noiseOf(...numbers: number[]): number {
  let hash = 0x811c9dc5;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number + 1, 0x01000193);
    hash = Math.imul(hash ^ hash >>> 15, 0x85ebca6b);
  }
  return ((hash ^ hash >>> 13) >>> 0) / 2 ** 32;
}

/** A site of questions that are made up. */
export function syntheticSite(made: MadeUp): Site {
  const { persons, relations = 3, wordings = 2, layer = 1, slot, isAsked = () => true } = made;
  const { tokens = ({ person }: Question) => 9 + person % 3 } = made;
  const free = made.free ??
    Array.from(
      { length: relations },
      (_, own) => ({ relation, noise }: Question) => relation === own ? 1 + noise : noise,
    );
  const asked: Question[] = [];
  for (let relation = 0; relation < relations; relation++) {
    for (let person = 0; person < persons; person++) {
      for (let wording = 0; wording < wordings; wording++) {
        const each = {
          relation,
          person,
          wording,
          noise: noiseOf(relation, person, wording, layer),
        };
        if (isAsked(each)) asked.push(each);
      }
    }
  }
  const slotCount = slot === undefined ? 0 : relations;
  const columns = [
    ...free,
    ...Array.from({ length: slotCount }, (_, k) => (each: Question) => slot!(each, k)),
  ].map((of) => Float32Array.from(asked, of));
  const groups = Int32Array.from(asked, ({ relation }) => relation);
  const design = selectivityDesign(groups, {
    groupCount: relations,
    persons: Int32Array.from(asked, ({ person }) => person),
  });
  const isChoosing = Uint8Array.from(asked, ({ person }) => Number(person % 2 === 0));
  const measures = roomForSelectivity(relations, columns.length);
  const wordingOf = asked.map(({ wording }) => wording);
  const meter = new SelectivityMeter(design, { threshold: 0.1, isChoosing, wordings: wordingOf });
  columns.forEach((column, feature) =>
    meter.measure(column, measures, { feature, featureCount: columns.length })
  );
  const count = asked.length;
  const activations = new Float32Array(columns.length * count);
  columns.forEach((column, feature) => activations.set(column, feature * count));
  const record: LayerSelectivity["record"] = {
    method: 1,
    site: `pre ${layer}`,
    groups: Array.from({ length: relations }, (_, index) => {
      const own = asked.filter(({ relation }) => relation === index);
      return {
        index,
        key: `r${index}`,
        label: `R${index}`,
        n_in: own.length,
        n_out: asked.length - own.length,
        persons: new Set(own.map(({ person }) => person)).size,
      };
    }),
    n_features: columns.length,
    activation_threshold: 0.1,
    persons,
    wordings: Array.from({ length: wordings }, (_, k) => String(k)),
    measures: [...MEASURES],
    listed: columns.map((_, feature) => feature),
    halves: { seed: 0, choosing: Math.ceil(persons / 2), estimating: Math.floor(persons / 2) },
    notes: [],
  };
  const sorted = measures.log10_p.filter((p) => !Number.isNaN(p)).sort();
  const q = sortedLog10Q(sorted);
  const found = {
    record,
    measures,
    activations,
    nulls: nullsOf(made, { asked, free, relations }),
    questions: Int32Array.from(asked.flatMap((each) => [
      each.relation,
      each.person,
      each.wording,
      tokens(each),
      Number(each.person % 2 === 0),
    ])),
    layer,
    log10Q: measures.log10_p.map((p) => Number.isNaN(p) ? NaN : q[lowerBound(sorted, p)]!),
  };
  return {
    layer,
    found,
    freeCount: free.length,
    slots: slotCount === 0 ? [] : record.groups.map(({ index }) => index),
    slotCount,
  };
}

/** Nulls of questions that are made up; all free features may be on a list. */
function nullsOf(
  { nulls }: MadeUp,
  { asked, free, relations }: {
    asked: readonly Question[];
    free: NonNullable<MadeUp["free"]>;
    relations: number;
  },
): LayerNulls {
  const of = nulls ?? {
    sae: (each, relation) => (free[relation] ?? free[0]!)(each),
    random_encoder: ({ noise }, relation) => 1 + noiseOf(relation, noise * 2 ** 32),
    neurons: ({ noise }, relation) => 1 + noiseOf(relation, noise * 2 ** 31),
    difference_of_means: (each, relation) => Number(each.relation === relation),
  };
  const columns = NULL_SETS.flatMap((name) =>
    Array.from(
      { length: relations },
      (_, relation) => Float32Array.from(asked, (each) => of[name](each, relation)),
    )
  );
  const lists = free.map((each) => Float32Array.from(asked, each));
  const scoreOf = (column: Float32Array, relation: number) =>
    auroc(
      [...column].filter((_, i) => asked[i]!.person % 2 === 0),
      asked.filter(({ person }) => person % 2 === 0).map((each) => each.relation === relation),
    ).auroc;
  return {
    record: {
      method: 1,
      seed: 4,
      of: free.length,
      sets: NULL_SETS.map((name, s) => ({
        name,
        features: 10,
        active: name === "difference_of_means" ? null : 0.5,
        tests: 10 * relations,
        discoveries: 5,
        best: Array.from({ length: relations }, (_, relation) => ({
          group: `r${relation}`,
          feature: relation,
          turned: false,
          auroc_choosing: scoreOf(columns[s * relations + relation]!, relation),
          auroc: null,
          auroc_low: null,
          auroc_high: null,
          reason: null,
        })),
      })),
      lists: { features: free.map((_, feature) => feature), too_many: false },
    },
    activations: Float32Array.from(columns.flatMap((column) => [...column])),
    lists: {
      features: free.map((_, feature) => feature),
      activations: Float32Array.from(lists.flatMap((column) => [...column])),
    },
  };
}
