import assert from "node:assert/strict";
import type { Schema } from "../../lib/files/json.ts";
import {
  commonFeaturesFileSchema,
  commonFeaturesOf,
} from "../../lib/results/artifacts/common_features.ts";
import { statisticsFileSchema, statisticsOf } from "../../lib/results/artifacts/statistics.ts";
import {
  analysisSummarySchema,
  analysisTimesSchema,
  layerRecordSchema,
} from "../../lib/results/schemas.ts";
import { summarizeAnalysis, summarizeLayer } from "../../lib/results/summary_file.ts";
import { GOLDEN, goldenJson } from "../support/golden.ts";
import { layerRecord, layerResult, traditionalResult } from "../support/layer_results.ts";

/** JSON as a test takes it apart. */
// deno-lint-ignore no-explicit-any -- a test changes fields that a type would protect
type Json = any;

/** For each schema, something that fits it, as it is read back from a file. */
const FITTING = {
  record: fromFile(layerRecord()),
  statistics: fromFile(statisticsOf(layerResult())),
  traditional: fromFile(statisticsOf(traditionalResult())),
  commonFeatures: fromFile(commonFeaturesOf(layerResult())),
  summary: fromFile(summarizeAnalysis([summarizeLayer(layerResult())], {
    samplesPerRelation: 2,
    relations: layerRecord().relations,
    skipped: [{ layer: 7, reason: "No SAE checkpoint found" }],
    provenances: Array(12).fill(layerRecord().provenance),
  })),
  times: { layers_analyzed: [6], phase_seconds: { SAEs: 0.25 } } as Json,
};

const SCHEMAS: Record<keyof typeof FITTING, Schema<unknown>> = {
  record: layerRecordSchema,
  statistics: statisticsFileSchema,
  traditional: statisticsFileSchema,
  commonFeatures: commonFeaturesFileSchema,
  summary: analysisSummarySchema,
  times: analysisTimesSchema,
};

for (const name of Object.keys(FITTING) as (keyof typeof FITTING)[]) {
  Deno.test(`the schema of ${name} accepts what coact writes, and changes nothing`, () => {
    assert.deepEqual(SCHEMAS[name].parse(FITTING[name]), FITTING[name]);
  });

  Deno.test(`the schema of ${name} can be given to other tools as a JSON Schema`, () => {
    assert.equal((SCHEMAS[name].toJSONSchema() as Json).type, "object");
  });
}

Deno.test("the schemas accept the reference's files", () => {
  for (const layer of GOLDEN.supervised.layers) {
    statisticsFileSchema.parse(goldenJson("supervised", layer, "statistics"));
    commonFeaturesFileSchema.parse(goldenJson("supervised", layer, "common_features"));
  }
  for (const layer of GOLDEN.traditional.layers) {
    statisticsFileSchema.parse(goldenJson("traditional", layer, "statistics"));
  }
});

Deno.test("the schema of the record accepts a traditional SAE without slots", () => {
  layerRecordSchema.parse(traditionalResult().record);
});

const REFUSED: readonly [
  name: keyof typeof FITTING,
  what: string,
  change: (file: Json) => void,
][] = [
  ["record", "a negative layer", (file) => file.layer = -1],
  ["record", "a layer that is text", (file) => file.layer = "6"],
  ["record", "an unknown kind of SAE", (file) => file.sae = "sparse"],
  ["record", "a missing number of features", (file) => delete file.n_free],
  ["record", "no free features", (file) => file.n_free = 0],
  ["record", "no relations", (file) => file.relations = []],
  ["record", "a relation without questions", (file) => file.relations[1].questions = 0],
  ["record", "a relation without a key", (file) => file.relations[1].key = ""],
  ["record", "a relation without a slot", (file) => file.relations[1].index = 2],
  ["record", "a supervised SAE without slots", (file) => file.n_relation = 0],
  ["record", "a threshold that is null", (file) => file.activation_threshold = null],
  ["record", "a checksum that is none", (file) => file.checkpoint.encoder_sha256 = "c0ffee"],
  ["record", "an option that is a list", (file) => file.provenance.options.layers = [1]],
  ["record", "an input without a checksum", (file) => file.provenance.input_sha256.qa = ""],
  ["record", "a backend without a reason", (file) => delete file.provenance.backend.reason],
  ["record", "a key of 201 letters", (file) => file.relations[1].key = "x".repeat(201)],
  ["record", "a label of 20,000 letters", (file) => file.relations[1].label = "x".repeat(20_000)],
  ["record", "a label with a mark of direction", (file) => file.relations[1].label = "a\u202eb"],
  ["record", "a label with a line end", (file) => file.relations[1].label = "a\nb"],
  ["record", "a backend's name of 1,001 letters", (file) => {
    file.provenance.backend.name = "x".repeat(1001);
  }],
  ["record", "a path of 40,001 letters", (file) => file.checkpoint.path = "x".repeat(40_001)],
  ["record", "a version's name of 1,001 letters", (file) => {
    file.provenance.versions["x".repeat(1001)] = "1";
  }],
  ["summary", "a label of 20,000 letters", (file) => file.relations[1].label = "x".repeat(20_000)],
  ["record", "a layer beyond all models", (file) => file.layer = 1000],
  ["record", "more features than there can be", (file) => file.n_free = 2 ** 31],
  ["record", "more slots than relations there may be", (file) => file.n_relation = 1001],
  ["record", "more questions than there can be", (file) => file.relations[0].questions = 1e12],
  ["record", "a key that is there twice", (file) => file.relations[1].key = "birth_date"],
  ["record", "a number that is there twice", (file) => file.relations[1].index = 0],
  ["record", "thousands of relations", (file) => file.relations = manyRelations(1001)],
  ["record", "thousands of versions", (file) => file.provenance.versions = manyNames("1.0")],
  ["record", "thousands of files", (file) => file.files_sha256 = manyNames("ab".repeat(32))],
  [
    "statistics",
    "more features than the strongest hundred",
    (file) => file.birth_date.top_100_features.indices = Array(101).fill(1),
  ],
  ["statistics", "thousands of slots", (file) => {
    file.birth_date.relation_slots = Array(1001).fill(0.5);
  }],
  ["statistics", "thousands of relations", (file) => {
    Object.assign(file, manyNames(file.birth_date));
  }],
  ["commonFeatures", "more samples than there can be", (file) => file.birth_date.n_samples = 1e15],
  ["summary", "a layer that is there twice", (file) => file.layers_analyzed = [6, 6]],
  ["summary", "two results of a layer", (file) => file.layers.push(file.layers[0])],
  ["summary", "a layer skipped twice", (file) => file.layers_skipped.push(file.layers_skipped[0])],
  ["summary", "thousands of skipped layers", (file) => {
    file.layers_skipped = Array.from({ length: 5000 }, (_, layer) => ({ layer, reason: "none" }));
  }],
  ["summary", "a key that is there twice", (file) => file.relations[1].key = "birth_date"],
  ["times", "a time beyond all lives", (file) => file.phase_seconds.SAEs = 1e300],
  ["times", "thousands of phases", (file) => file.phase_seconds = manyNames(1)],
  ["statistics", "a mean that is null", (file) => file.birth_date.free_features_mean = null],
  ["statistics", "a missing field", (file) => delete file.birth_city.free_features_std],
  ["statistics", "an unknown field", (file) => file.birth_city.median = 1],
  ["statistics", "slots that are no list", (file) => file.birth_city.relation_slots = 1],
  [
    "statistics",
    "a fractional index",
    (file) => file.birth_date.top_100_features.indices[0] = 0.5,
  ],
  ["statistics", "a list", (file) => file.birth_date = []],
  ["traditional", "slots", (file) => file.birth_date.relation_slots = [1]],
  ["traditional", "a missing field", (file) => delete file.birth_date.all_features_max],
  [
    "commonFeatures",
    "a consistency beyond 1",
    (file) => file.birth_date.consistency_scores.target_slot_consistency = 1.5,
  ],
  ["commonFeatures", "a negative count", (file) => file.birth_date.n_consistent_free = -1],
  ["commonFeatures", "no samples", (file) => file.birth_date.n_samples = 0],
  ["commonFeatures", "an unknown field", (file) => file.birth_date.extra = 1],
  ["summary", "a missing list of layers", (file) => delete file.layers_analyzed],
  ["summary", "an accuracy beyond 1", (file) => file.layers[0].binding_accuracy = 50],
  ["summary", "a skipped layer without a reason", (file) => delete file.layers_skipped[0].reason],
  ["summary", "no questions", (file) => file.total_questions = 0],
  ["times", "a negative time", (file) => file.phase_seconds.SAEs = -1],
];

for (const [name, what, change] of REFUSED) {
  Deno.test(`the schema of ${name} refuses ${what}`, () => {
    const file = structuredClone(FITTING[name]);
    change(file);
    assert.equal(SCHEMAS[name].safeParse(file).success, false);
  });
}

function manyRelations(count: number): Json[] {
  return Array.from({ length: count }, (_, index) => {
    return { index: index % 2, key: `relation_${index}`, label: "", questions: 1 };
  });
}

function manyNames(value: Json): Json {
  return Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`name ${i}`, value]));
}

/** A value as it is read back from a JSON file. */
function fromFile(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
