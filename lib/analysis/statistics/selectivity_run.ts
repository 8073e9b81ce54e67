/**
 * The statistics of each feature in a run: who was asked what, and the threads that measure.
 *
 * @module
 */
import type { Observer } from "../../base/observer.ts";
import { siteText } from "../../lm/site.ts";
import { notesOn, type Numbered } from "./selectivity_notes.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { PlannedSae } from "../plan/planned_sae.ts";
import { type CollectorOptions, SelectivityCollector } from "./selectivity_collector.ts";
import { SelectivityPool } from "./selectivity_pool.ts";
import type { WatchedFeatures } from "./watched_features.ts";
import { RandomDirections } from "../../sae/random_directions.ts";
import type { LayerSelectivity } from "../../results/selectivity_files.ts";
import { LISTED_PER_GROUP, METHOD } from "../../results/selectivity_record.ts";
import { personHalves } from "../../stats/person_halves.ts";
import { MEASURES } from "../../stats/selectivity/selectivity.ts";

/** The seed by which persons are divided into halves. */
const SEED = 0;
/** The seed of random directions. */
export const NULL_SEED = 4;

/** Measures the sites of a run. Whoever makes it closes it, by `using`. */
export class SelectivityRun implements Disposable {
  readonly #plan: AnalysisPlan;
  /** Who is asked what. */
  readonly asked: Asked;
  /** The directions of random encoders. */
  readonly directions: RandomDirections = new RandomDirections(NULL_SEED);
  #pool: SelectivityPool | undefined;

  /** Begins; threads are started with the first site, or ahead of it. */
  constructor(plan: AnalysisPlan, observer: Observer) {
    this.#plan = plan;
    this.asked = askedIn(plan);
    for (const note of this.asked.notes) observer.note(note);
  }

  /** Starts the threads that measure a site: they load their modules for a third of a second. */
  startThreads({ shape: { featureCount } }: PlannedSae): void {
    this.#threads().startFor(featureCount * this.asked.groups.length);
  }

  /**
   * Begins with a site, whose activations the collector is to be handed.
   *
   * @param watched The features whose activations are kept beside those that are listed.
   */
  begin({ shape }: PlannedSae, watched: WatchedFeatures): SelectivityCollector {
    const { featureCount, freeCount, slotCount } = shape;
    const alsoListed = Array.from({ length: slotCount }, (_, slot) => freeCount + slot);
    const watch = watched.see.bind(watched);
    return this.collect({ featureCount, listedPerGroup: LISTED_PER_GROUP, alsoListed, watch });
  }

  /** Begins with other features of the same questions. */
  collect(options: Omit<CollectorOptions, "groupCount">): SelectivityCollector {
    const { groupCount } = this.asked;
    return new SelectivityCollector(this.#threads(), { ...options, groupCount });
  }

  #threads(): SelectivityPool {
    const { groups, groupCount, persons, wordingOf: wordings, isChoosing } = this.asked;
    const { threshold } = this.#plan.options;
    return this.#pool ??= new SelectivityPool({
      groups,
      groupCount,
      persons,
      wordings,
      isChoosing,
      threshold,
    });
  }

  /** What was measured of a site, once all of its activations were handed over. */
  async finish(planned: PlannedSae, collector: SelectivityCollector): Promise<LayerSelectivity> {
    const { selectivity, listed, activations } = await collector.finish();
    const { relations, groupSizes } = this.#plan.sample;
    const { persons, personNames, wordings, groups, isChoosing, questions, notes } = this.asked;
    const total = groups.length;
    const choosing = new Set(
      [...questions.keys()].filter((i) => isChoosing[i] === 1)
        .map((i) => persons?.[i] ?? i),
    );
    const all = personNames?.length ?? total;
    return {
      record: {
        method: METHOD,
        site: siteText(planned.site),
        groups: relations.map(({ index, key, label }, group) => ({
          index,
          key,
          label,
          n_in: groupSizes[group]!,
          n_out: total - groupSizes[group]!,
          persons: persons === undefined
            ? null
            : new Set(persons.filter((_, i) => groups[i] === group)).size,
        })),
        n_features: planned.shape.featureCount,
        activation_threshold: this.#plan.options.threshold,
        persons: personNames?.length ?? null,
        person_names: personNames === undefined ? null : [...personNames],
        wordings: wordings ?? null,
        measures: [...MEASURES],
        listed: [...listed],
        halves: { seed: SEED, choosing: choosing.size, estimating: all - choosing.size },
        notes,
      },
      measures: selectivity,
      activations,
      questions: Int32Array.from(questions.flat()),
    };
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
  }
}

/** Who was asked what. */
export interface Asked {
  /** The group of each question, from 0. */
  readonly groups: Int32Array<ArrayBuffer>;
  /** How many groups there are. */
  readonly groupCount: number;
  /** Whose each question is; undefined if that is not known of all. */
  readonly persons: Int32Array | undefined;
  /** The persons' names. */
  readonly personNames: readonly string[] | undefined;
  /** The wordings' names. */
  readonly wordings: string[] | undefined;
  /** The wording of each question; undefined if that is not known of all. */
  readonly wordingOf: Int32Array | undefined;
  /** Whether each question is of the half on which features are chosen: 1 or 0. */
  readonly isChoosing: Uint8Array;
  /** A row a question, of `QUESTION_FIELDS`. */
  readonly questions: readonly (readonly number[])[];
  /** What a reader has to know. */
  readonly notes: string[];
}

function askedIn({ sample, prompts }: AnalysisPlan): Asked {
  const groupCount = sample.groupSizes.length;
  const groups = Int32Array.from(
    sample.groupSizes.flatMap((size, group) => new Array<number>(size).fill(group)),
  );
  const persons = numbered(sample.questions.map(({ person }) => person));
  const wordings = numbered(sample.questions.map(({ template }) => template));
  const nameOf = (i: number) =>
    persons === undefined ? `line ${sample.questions[i]!.line}` : persons.names[persons.of[i]!]!;
  const choosing = new Set(personHalves(sample.questions.map((_, i) => nameOf(i)), SEED).choose);
  const isChoosing = Uint8Array.from(sample.questions, (_, i) => Number(choosing.has(nameOf(i))));
  const questions = sample.questions.map((_, i) => [
    groups[i]!,
    persons?.of[i] ?? -1,
    wordings?.of[i] ?? -1,
    prompts[i]!.length,
    isChoosing[i]!,
  ]);
  return {
    groups,
    groupCount,
    persons: persons?.of,
    personNames: persons?.names,
    wordings: wordings?.names,
    wordingOf: wordings?.of,
    isChoosing,
    questions,
    notes: notesOn({ groups, groupCount, persons, wordings }),
  };
}

/** Names as numbers, in the order in which they occur; undefined if one is missing. */
function numbered(
  names: readonly (string | undefined)[],
): Numbered | undefined {
  const numbers = new Map<string, number>();
  const of = new Int32Array(names.length);
  for (const [i, name] of names.entries()) {
    if (name === undefined) return undefined;
    of[i] = numbers.getOrInsert(name, numbers.size);
  }
  return { of, names: [...numbers.keys()] };
}
