import { toFile } from "../../lib/results/file_counts.ts";
import { layerRecordSchema } from "../../lib/results/layer_record.ts";
import { layerRecord, traditionalResult } from "../support/layer_results.ts";
import { type Json, manyNames, testSchema } from "../support/schema_cases.ts";

const RECORD = layerRecord();

testSchema("the record", {
  schema: layerRecordSchema,
  value: RECORD,
  file: toFile(RECORD),
}, [
  ["a negative layer", (file) => file.layer = -1],
  ["a layer that is text", (file) => file.layer = "6"],
  ["an unknown kind of SAE", (file) => file.sae = "sparse"],
  ["a missing number of features", (file) => delete file.n_free],
  ["no free features", (file) => file.n_free = 0],
  ["no relations", (file) => file.relations = []],
  ["a relation without questions", (file) => file.relations[1].questions = 0],
  ["a relation without a key", (file) => file.relations[1].key = ""],
  ["a relation without a slot", (file) => file.relations[1].index = 2],
  ["a supervised SAE without slots", (file) => file.n_relation = 0],
  ["a threshold that is null", (file) => file.activation_threshold = null],
  ["a checksum that is none", (file) => file.checkpoint.encoder_sha256 = "c0ffee"],
  ["an option that is a list", (file) => file.provenance.options.layers = [1]],
  ["an input without a checksum", (file) => file.provenance.input_sha256.qa = ""],
  ["a backend without a reason", (file) => delete file.provenance.backend.reason],
  ["a key of 201 letters", (file) => file.relations[1].key = "x".repeat(201)],
  ["a label of 20,000 letters", (file) => file.relations[1].label = "x".repeat(20_000)],
  ["a label with a mark of direction", (file) => file.relations[1].label = "a\u202eb"],
  ["a label with a line end", (file) => file.relations[1].label = "a\nb"],
  ["a backend's name of 1,001 letters", (file) => {
    file.provenance.backend.name = "x".repeat(1001);
  }],
  ["a path of 40,001 letters", (file) => file.checkpoint.path = "x".repeat(40_001)],
  ["a version's name of 1,001 letters", (file) => {
    file.provenance.versions["x".repeat(1001)] = "1";
  }],
  ["a layer beyond all models", (file) => file.layer = 1000],
  ["more features than there can be", (file) => file.n_free = 2 ** 31],
  ["more slots than relations there may be", (file) => file.n_relation = 1001],
  ["more questions than there can be", (file) => file.relations[0].questions = 1e12],
  ["a key that is there twice", (file) => file.relations[1].key = "birth_date"],
  ["a number that is there twice", (file) => file.relations[1].index = 0],
  ["thousands of relations", (file) => file.relations = manyRelations(1001)],
  ["thousands of versions", (file) => file.provenance.versions = manyNames("1.0")],
  ["thousands of files", (file) => file.files_sha256 = manyNames("ab".repeat(32))],
]);

testSchema("the record of a traditional SAE without slots", {
  schema: layerRecordSchema,
  value: traditionalResult().record,
  file: toFile(traditionalResult().record),
}, [["slots", (file) => file.n_relation = 2]]);

function manyRelations(count: number): Json[] {
  return Array.from({ length: count }, (_, index) => {
    return { index: index % 2, key: `relation_${index}`, label: "", questions: 1 };
  });
}
