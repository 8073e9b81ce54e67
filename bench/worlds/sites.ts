/**
 * What `analyze` would have written of a world, as `verdict` and `compare` read it.
 *
 * @module
 */
import { bestFeatures } from "../../lib/results/best_features.ts";
import type { LayerNulls } from "../../lib/results/layer_nulls.ts";
import { NULL_SETS, type NullSetName } from "../../lib/results/null_record.ts";
import { NormalDraws } from "../../lib/stats/normal_draws.ts";
import { QLookup } from "../../lib/stats/q_lookup.ts";
import { selectivityDesign } from "../../lib/stats/selectivity/design.ts";
import {
  MEASURES,
  roomForSelectivity,
  type Selectivity,
  SelectivityMeter,
} from "../../lib/stats/selectivity/selectivity.ts";
import type { Site } from "../../lib/verdict/site.ts";
import type { World } from "./draw.ts";
import { RELATIONS } from "./law.ts";

/** Above it an activation is active, as by default. */
const THRESHOLD = 0.1;

/** A world's sites, one for each layer; q is over all of them, as in a run. */
export function sitesOf(world: World): Site[] {
  const measured = world.columns.map((columns) => measuresOf(world, columns));
  const tails = measured.flatMap(({ log10_p }) => [...log10_p]).filter((p) => !Number.isNaN(p));
  const q = new QLookup(Float64Array.from(tails).sort());
  return measured.map((measures, at) =>
    siteOf(world, at, { measures, log10Q: q.of(measures.log10_p) })
  );
}

/** The same, each with what is found without the SAE: noise that is drawn from a seed. */
export function sitesWithNulls(world: World, seed: number): Site[] {
  const normal = new NormalDraws(seed);
  return sitesOf(world).map((site, at) => ({
    ...site,
    found: { ...site.found, nulls: nullsOf(site, world.columns[at]!, normal) },
  }));
}

/** Whether a question is of the half on which features are chosen: 1 or 0. */
function choosing({ questions }: World): number[] {
  return questions.map(({ person }) => Number(person % 2 === 0));
}

function measuresOf(world: World, columns: World["columns"][number]): Selectivity {
  const { questions } = world;
  const design = selectivityDesign(questions.map(({ relation }) => relation), {
    groupCount: RELATIONS.length,
    persons: questions.map(({ person }) => person),
  });
  const wordings = questions.map(({ wording }) => wording);
  const isChoosing = choosing(world);
  const measures = roomForSelectivity(RELATIONS.length, columns.length);
  const meter = new SelectivityMeter(design, { threshold: THRESHOLD, isChoosing, wordings });
  columns.forEach((column, feature) =>
    meter.measure(column, measures, { feature, featureCount: columns.length })
  );
  return measures;
}

function siteOf(
  world: World,
  at: number,
  measured: Pick<Site["found"], "measures" | "log10Q">,
): Site {
  const { law, questions, persons, tokens, columns: all } = world;
  const { layer, free, slots } = law.layers[at]!;
  const columns = all[at]!;
  const isChoosing = choosing(world);
  return {
    layer,
    freeCount: free.length,
    slots: slots.map((_, slot) => slot),
    slotCount: slots.length,
    found: {
      layer,
      ...measured,
      activations: joined(columns),
      questions: Int32Array.from(questions.flatMap(({ relation, person, wording }, i) => [
        relation,
        person,
        wording,
        tokens[i]!,
        isChoosing[i]!,
      ])),
      record: {
        method: 1,
        site: `pre ${layer}`,
        groups: RELATIONS.map((index) => {
          const own = questions.filter(({ relation }) => relation === index);
          return {
            index,
            key: `relation_${index}`,
            label: `relation ${index}`,
            n_in: own.length,
            n_out: questions.length - own.length,
            persons: new Set(own.map(({ person }) => person)).size,
          };
        }),
        n_features: columns.length,
        activation_threshold: THRESHOLD,
        persons,
        person_names: Array.from({ length: persons }, (_, person) => `person ${person}`),
        wordings: Array.from({ length: law.wordings ?? 2 }, (_, wording) => String(wording)),
        measures: [...MEASURES],
        listed: columns.map((_, feature) => feature),
        halves: {
          seed: 0,
          choosing: Math.ceil(persons / 2),
          estimating: Math.floor(persons / 2),
        },
        notes: [],
      },
    },
  };
}

/** One feature of each set for each relation; of the SAE, the best one. All features may be on a list. */
function nullsOf(
  { found, freeCount }: Site,
  columns: readonly Float32Array<ArrayBuffer>[],
  normal: NormalDraws,
): LayerNulls {
  const count = columns[0]!.length;
  const free = columns.slice(0, freeCount);
  const noise = () => Float32Array.from({ length: count }, () => Math.max(0, 0.5 + normal.next()));
  const [best, rows] = [new Map<NullSetName, number[]>(), [] as Float32Array<ArrayBuffer>[]];
  for (const name of NULL_SETS) {
    best.set(
      name,
      RELATIONS.map((group) => {
        const first = bestFeatures(found, { group, end: freeCount }).next().value;
        rows.push(name === "sae" ? free[first?.feature ?? 0]! : noise());
        return name === "sae" ? first?.auroc ?? 0.5 : 0.5;
      }),
    );
  }
  return {
    record: {
      method: 1,
      seed: 0,
      of: freeCount,
      sets: NULL_SETS.map((name) => ({
        name,
        features: freeCount,
        active: null,
        tests: freeCount * RELATIONS.length,
        discoveries: 0,
        best: best.get(name)!.map((auroc_choosing, group) => ({
          group: `relation_${group}`,
          feature: group,
          turned: false,
          auroc_choosing,
          auroc: null,
          auroc_low: null,
          auroc_high: null,
          reason: null,
        })),
      })),
      lists: { features: [...free.keys()], too_many: false },
    },
    activations: joined(rows),
    lists: { features: [...free.keys()], activations: joined(free) },
  };
}

function joined(columns: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(columns.length * columns[0]!.length);
  columns.forEach((column, row) => all.set(column, row * column.length));
  return all;
}
