/**
 * The statistics of each feature in a run: who was asked what, and the threads that measure.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import { siteOfLayerText } from "./site_text.ts";
import type { AnalysisPlan } from "./plan.ts";
import type { PlannedSae } from "./planned_sae.ts";
import {
  SelectivityCollector,
  type SelectivityPool,
  startSelectivityPool,
} from "./selectivity_collector.ts";
import type { LayerSelectivity } from "../results/selectivity_files.ts";
import { METHOD } from "../results/selectivity_record.ts";
import { personHalves } from "../stats/person_halves.ts";
import { LEAST_PERSONS, MEASURES } from "../stats/selectivity/selectivity.ts";

/** How many features of each group are listed. */
const LISTED = 50;
/** The seed by which persons are divided into halves. */
const SEED = 0;
/** From so many wordings on, something could be said of others. */
const MANY_WORDINGS = 10;

/** Measures the sites of a run. Whoever makes it closes it, by `using`. */
export class SelectivityRun implements Disposable {
  readonly #plan: AnalysisPlan;
  readonly #asked: Asked;
  #pool: SelectivityPool | undefined;

  /** Begins; threads are started with the first site. */
  constructor(plan: AnalysisPlan, observer: Observer) {
    this.#plan = plan;
    this.#asked = askedIn(plan);
    for (const note of this.#asked.notes) observer.note(note);
  }

  /** Begins with a site, whose activations the collector is to be handed. */
  begin({ shape }: PlannedSae): SelectivityCollector {
    const { groups, groupCount, persons, isChoosing } = this.#asked;
    const { threshold } = this.#plan.options;
    this.#pool ??= startSelectivityPool({ groups, groupCount, persons, isChoosing, threshold });
    const { featureCount, freeCount, slotCount } = shape;
    const alsoListed = Array.from({ length: slotCount }, (_, slot) => freeCount + slot);
    return new SelectivityCollector(this.#pool, {
      featureCount,
      groupCount,
      listedPerGroup: LISTED,
      alsoListed,
    });
  }

  /** What was measured of a site, once all of its activations were handed over. */
  async finish(planned: PlannedSae, collector: SelectivityCollector): Promise<LayerSelectivity> {
    const { selectivity, listed, activations } = await collector.finish();
    const { relations, groupSizes } = this.#plan.sample;
    const { persons, personNames, wordings, groups, isChoosing, questions, notes } = this.#asked;
    const total = groups.length;
    const choosing = new Set(
      [...questions.keys()].filter((i) => isChoosing[i] === 1)
        .map((i) => persons?.[i] ?? i),
    );
    const all = personNames?.length ?? total;
    return {
      record: {
        method: METHOD,
        site: siteOfLayerText(planned),
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
interface Asked {
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Whose each question is; undefined if that is not known of all. */
  readonly persons: Int32Array | undefined;
  readonly personNames: readonly string[] | undefined;
  readonly wordings: string[] | undefined;
  readonly isChoosing: Uint8Array;
  /** A row a question, of `QUESTION_FIELDS`. */
  readonly questions: readonly (readonly number[])[];
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
    isChoosing,
    questions,
    notes: notesOn({ groupCount, persons: persons?.names, wordings: wordings?.names }),
  };
}

/** Names as numbers, in the order in which they occur; undefined if one is missing. */
function numbered(
  names: readonly (string | undefined)[],
): { of: Int32Array; names: string[] } | undefined {
  const numbers = new Map<string, number>();
  const of = new Int32Array(names.length);
  for (const [i, name] of names.entries()) {
    if (name === undefined) return undefined;
    of[i] = numbers.getOrInsert(name, numbers.size);
  }
  return { of, names: [...numbers.keys()] };
}

/** What a reader of the numbers has to know. */
function notesOn(
  { groupCount, persons, wordings }: {
    groupCount: number;
    persons: readonly string[] | undefined;
    wordings: readonly string[] | undefined;
  },
): string[] {
  const notes: string[] = [];
  if (groupCount === 1) {
    notes.push("There is one group only: nothing is compared, and AUROC, p and q do not exist.");
  }
  if (persons === undefined) {
    notes.push(
      "Not every question says whom it is about: each counts as a person's only one, and intervals " +
        "and p are too sure if persons have several.",
    );
  } else if (persons.length < LEAST_PERSONS) {
    notes.push(
      `There are ${persons.length} persons, fewer than ${LEAST_PERSONS}: there are no intervals, ` +
        "and so no discoveries.",
    );
  }
  if (wordings === undefined) {
    notes.push("The wordings of the questions are not known: intervals hold for these wordings.");
  } else if (wordings.length < MANY_WORDINGS) {
    notes.push(
      `Intervals are over persons and hold for these wordings (${wordings.length}): nothing is ` +
        "claimed about others.",
    );
  }
  return notes;
}
