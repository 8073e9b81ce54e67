/**
 * Draws a world: the activations of all its features for all its questions, the same again with the same
 * seed.
 *
 * @module
 */
import { NormalDraws } from "../../lib/stats/normal_draws.ts";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";
import { type Feature, type Law, RELATIONS } from "./law.ts";

/** The deviation of what a person adds, of what a person adds for a relation, and of what a question adds. */
const BY_PERSON = 0.5;
const BY_BLOCK = 0.4;
const BY_QUESTION = Math.sqrt(1 - BY_PERSON ** 2 - BY_BLOCK ** 2);

/** A question of a world. */
export interface Question {
  /** Its relation. */
  readonly relation: number;
  /** Its person. */
  readonly person: number;
  /** Its wording. */
  readonly wording: number;
}

/** A world that was drawn. */
export interface World {
  /** From which law. */
  readonly law: Law;
  /** How many persons there are. */
  readonly persons: number;
  /** The questions: relation by relation, person by person, wording by wording. */
  readonly questions: readonly Question[];
  /** How many tokens each has: 9, 10 or 11. */
  readonly tokens: Int32Array;
  /** What each layer's features give for each question, free features first, `[layers][features]`. */
  readonly columns: readonly (readonly Float32Array<ArrayBuffer>[])[];
}

/** Draws a world of so many persons. */
export function drawWorld(law: Law, persons: number, seed: number): World {
  const questions = questionsOf(law, persons);
  const random = new SeededRandom(seed);
  const tokens = Int32Array.from(questions, () => 9 + random.below(3));
  const normal = new NormalDraws(random.next());
  const layers = law.layers.map(({ free, slots }) => [...free, ...slots]);
  const columns: Float32Array<ArrayBuffer>[][] = layers.map(() => []);
  const most = Math.max(...layers.map((features) => features.length));
  for (let number = 0; number < most; number++) {
    const common = noiseOf(questions, persons, normal);
    layers.forEach((features, layer) => {
      const feature = features[number];
      if (feature === undefined) return;
      const own = noiseOf(questions, persons, normal);
      const wordings = RELATIONS.map(() =>
        Array.from(
          { length: law.wordings ?? 2 },
          () => law.wordingDeviation === undefined ? 0 : law.wordingDeviation * normal.next(),
        )
      );
      columns[layer]!.push(Float32Array.from(questions, (question, i) => {
        const noise = Math.sqrt(law.common) * common[i]! + Math.sqrt(1 - law.common) * own[i]!;
        const { relation, wording } = question;
        const given = meanOf(feature, question) + wordings[relation]![wording]! + noise;
        return given > 0 ? given + (feature.ifActive?.[relation] ?? 0) : 0;
      }));
    });
  }
  return { law, persons, questions, tokens, columns };
}

function questionsOf({ wordings = 2, isAsked = () => true }: Law, persons: number): Question[] {
  const questions: Question[] = [];
  for (const relation of RELATIONS) {
    for (let person = 0; person < persons; person++) {
      if (!isAsked(relation, person)) continue;
      for (let wording = 0; wording < wordings; wording++) {
        questions.push({ relation, person, wording });
      }
    }
  }
  return questions;
}

function meanOf({ bias, effects, byWording }: Feature, { relation, wording }: Question): number {
  return bias + effects[relation]! + (byWording === undefined ? 0 : byWording[relation]![wording]!);
}

/** What persons, blocks of a person's questions about a relation, and questions add: deviation 1 in all. */
function noiseOf(
  questions: readonly Question[],
  persons: number,
  normal: NormalDraws,
): Float64Array {
  const ofPerson = Float64Array.from({ length: persons }, () => normal.next());
  const ofBlock = Float64Array.from({ length: persons * RELATIONS.length }, () => normal.next());
  return Float64Array.from(questions, ({ relation, person }) =>
    BY_PERSON * ofPerson[person]! +
    BY_BLOCK * ofBlock[relation * persons + person]! +
    BY_QUESTION * normal.next());
}
