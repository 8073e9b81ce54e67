/**
 * What `analyze` would have written of a world, as `verdict` and `compare` read it.
 *
 * @module
 */
import { bestFeatures } from "../../lib/results/best_features.ts";
import type { LayerNulls } from "../../lib/results/layer_nulls.ts";
import { NULL_SETS, type NullSetName } from "../../lib/results/null_record.ts";
import { lowerBound, sortedLog10Q } from "../../lib/stats/benjamini_hochberg.ts";
import { NormalDraws } from "../../lib/stats/normal_draws.ts";
import { selectivityDesign } from "../../lib/stats/selectivity/design.ts";
import {
  MEASURES,
  roomForSelectivity,
  SelectivityMeter,
} from "../../lib/stats/selectivity/selectivity.ts";
import type { Site } from "../../lib/verdict/site.ts";
import type { World } from "./draw.ts";
import { RELATIONS } from "./law.ts";

/** Above it an activation is active, as by default. */
const THRESHOLD = 0.1;

/** A world's sites, one for each layer. */
export function sitesOf(world: World): Site[] {
  return world.law.layers.map((_, at) => siteOf(world, at));
}

/** The same, each with what is found without the SAE: noise that is drawn from a seed. */
export function sitesWithNulls(world: World, seed: number): Site[] {
  const normal = new NormalDraws(seed);
  return sitesOf(world).map((site, at) => ({
    ...site,
    found: { ...site.found, nulls: nullsOf(site, world.columns[at]!, normal) },
  }));
}

function siteOf({ law, questions, persons, tokens, columns: all }: World, at: number): Site {
  const { layer, free, slots } = law.layers[at]!;
  const columns = all[at]!;
  const groups = questions.map(({ relation }) => relation);
  const isChoosing = questions.map(({ person }) => Number(person % 2 === 0));
  const wordings = questions.map(({ wording }) => wording);
  const design = selectivityDesign(groups, {
    groupCount: RELATIONS.length,
    persons: questions.map(({ person }) => person),
  });
  const measures = roomForSelectivity(RELATIONS.length, columns.length);
  const meter = new SelectivityMeter(design, { threshold: THRESHOLD, isChoosing, wordings });
  columns.forEach((column, feature) =>
    meter.measure(column, measures, { feature, featureCount: columns.length })
  );
  const sorted = measures.log10_p.slice().sort();
  const q = sortedLog10Q(sorted);
  return {
    layer,
    freeCount: free.length,
    slots: slots.map((_, slot) => slot),
    slotCount: slots.length,
    found: {
      layer,
      measures,
      log10Q: measures.log10_p.map((p) => q[lowerBound(sorted, p)]!),
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
