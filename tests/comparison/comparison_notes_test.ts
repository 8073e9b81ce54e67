import assert from "node:assert/strict";
import type { ComparedSite } from "../../lib/comparison/compared_side.ts";
import {
  comparisonNotes,
  mergedNotes,
  settingNotes,
  unitsOf,
  wordingNotes,
} from "../../lib/comparison/comparison_notes.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { DRIFTING, run } from "../support/compared_runs.ts";

Deno.test("the notes say who was asked, what was chosen, and which wordings", () => {
  const notes = (b: ReturnType<typeof run>, shared: number | null) =>
    Object.values(comparisonNotes(run(), b, { a: 40, b: 40, shared })).flat().join(" ");
  assert.match(notes(run(), 40), /the same 40 persons: differences are paired/);
  assert.match(notes(run(), 0), /different persons, 40 and 40; no person is in both/);
  assert.match(notes(run(), 7), /7 persons are in both and are paired/);
  assert.match(notes(run(), 1), /1 person is in both and is paired/);
  const one = comparisonNotes(run(), run(), { a: 1, b: 1, shared: 1 });
  assert.match(one.both[0]!, /the same person: differences are paired/);
  assert.match(notes(run(), null), /nobody can be known again/);
  assert.match(notes(run(), 40), /the SAEs are the same/);
  assert.match(notes(run({ sae: "other", slots: 0 }), 40), /Run B has no slots.*for itself/);
});

Deno.test("it is said where no slots are compared, for neither run has any", () => {
  const without = run({ slots: 0 });
  const { slots } = comparisonNotes(without, without, { a: 40, b: 40, shared: 40 });
  assert.deepEqual(slots, ["Neither run has slots, and features alone are compared."]);
  assert.deepEqual(comparisonNotes(run(), run(), { a: 40, b: 40, shared: 40 }).slots, []);
});

Deno.test("a note that holds at some of the layers says at which", () => {
  const persons = { a: 40, b: 40, shared: 40 };
  const at = (layer: number | string, b: ReturnType<typeof run>) => ({
    layer,
    notes: comparisonNotes(run(), b, persons),
  });
  const { both, slots, features } = mergedNotes([
    at(6, run()),
    at("post12_w48", run({ sae: "other", slots: 0 })),
    at("post12_w128", run({ sae: "other" })),
  ]);
  assert.deepEqual(both, comparisonNotes(run(), run(), persons).both);
  assert.equal(slots.length, 1);
  assert.match(slots[0]!, /^At post 12 \(w48\): Run B has no slots/);
  assert.equal(features.length, 2);
  assert.match(features[0]!, /^At layer 6: .*the SAEs are the same/);
  assert.match(features[1]!, /^At post 12 \(w48\), post 12 \(w128\): .*different ones/);
});

Deno.test("it is said where activations count from another threshold on", () => {
  const notes = (threshold: number) => {
    const { selectivity, ...rest } = run();
    const record = { ...selectivity.record, activation_threshold: threshold };
    const other = { ...rest, selectivity: { ...selectivity, record } };
    return comparisonNotes(run(), other, { a: 40, b: 40, shared: 40 }).both.join(" ");
  };
  assert.match(notes(0.5), /active above 0 in A and above 0\.5 in B/);
  assert.doesNotMatch(notes(0), /active/);
});

Deno.test("it is said where in prompts the runs are read, unless it is at the last token", () => {
  const notes = (a?: string, b?: string) => {
    const persons = { a: 40, b: 40, shared: 40 };
    return comparisonNotes({ ...run(), position: a }, { ...run(), position: b }, persons).both;
  };
  assert.equal(notes().length, 1);
  assert.equal(
    notes("mean", "mean")[1],
    "In both runs, features are pooled over the prompt's tokens (mean).",
  );
  assert.equal(
    notes(undefined, "at:{city}")[1],
    "Features are read at the prompt's last token in A, and read at the token at:{city} in B: the difference " +
      "includes that of where they are read.",
  );
});

Deno.test("the note on wordings says what intervals hold for", () => {
  const said = (areSame: boolean, ...runs: ReturnType<typeof run>[]) =>
    wordingNotes(
      { counts: [10, 10], areSame, units: "persons" },
      compareSites(runs[0]!, runs[1]!, "slots")!,
    ).join(
      " ",
    );
  const many = run({ wordings: 10, strength: 0.4 });
  assert.match(said(true, many, many), /over persons and wordings: .* the same question file/);
  assert.match(said(false, many, many), /over persons and wordings: .* taken as different ones/);
  assert.match(
    said(true, many, many),
    /chosen with the same wordings with which they are estimated/,
  );
  assert.match(said(true, run(), run()), /over persons and hold for these wordings \(10 in both/);
  assert.doesNotMatch(said(true, run(), run()), /chosen with the same wordings/);
  assert.match(said(false, run(), run()), /different question files \(10 and 10\)/);
  // Of the run whose wordings are known, intervals may be over them.
  const unknown = (counts: [number | null, number | null], ...pairs: typeof many[]) =>
    wordingNotes(
      { counts, areSame: false, units: "persons" },
      pairs.length === 0 ? [] : compareSites(pairs[0]!, pairs[1]!, "slots")!,
    ).join();
  assert.equal(
    unknown([10, null], many, run()),
    "The wordings of run B are not known. Intervals are over persons and wordings where there are ten " +
      "or more of each, in the relation and outside; the others are over persons and hold for these " +
      "wordings alone.",
  );
  assert.equal(
    unknown([null, 2]),
    "The wordings of run A are not known. Intervals are over persons and hold for these wordings alone.",
  );
  assert.match(
    unknown([null, null]),
    /^The wordings of the questions are not known in either run\. /,
  );
});

Deno.test("where it is not known whose questions are, intervals are not said to be over persons", () => {
  assert.equal(unitsOf(20, 30), "persons");
  assert.equal(unitsOf(null, 30), "persons or questions");
  assert.equal(unitsOf(null), "questions");
  const units = unitsOf(null, null);
  assert.match(
    wordingNotes({ counts: [2, 2], areSame: true, units }, []).join(),
    /^Intervals are over questions and hold for these wordings/,
  );
  const [first, second] = [0.4, 0.3].map((strength) =>
    run({ ...DRIFTING, wordings: 10, strength })
  );
  const crossed = compareSites(first!, second!, "slots")!;
  const note = wordingNotes({ counts: [10, 10], areSame: true, units }, crossed).join();
  assert.match(note, /^Intervals are over questions and wordings/);
  assert.doesNotMatch(note, /persons/);
});

Deno.test("where persons are not known, features are chosen on half of the questions, and it is said", () => {
  const unknown = () => {
    const { selectivity, ...rest } = run();
    const record = { ...selectivity.record, persons: null, person_names: null };
    return { ...rest, selectivity: { ...selectivity, record } };
  };
  const persons = { a: null, b: null, shared: null };
  const [note] = comparisonNotes(unknown(), unknown(), persons).features;
  assert.match(note!, /chosen on one half of the questions .* is not known\.$/);
  // It is chosen in the first run.
  const half = (a: ComparedSite, b: ComparedSite) => comparisonNotes(a, b, persons).features[0]!;
  assert.match(half(run(), unknown()), /chosen on one half of the persons by/);
  assert.match(half(unknown(), run()), /chosen on one half of the questions by/);
  const [known] = comparisonNotes(run(), run(), { a: 40, b: 40, shared: 40 }).features;
  assert.match(known!, /chosen on one half of the persons .* both runs kept\.$/);
});

Deno.test("it is said where runs are of other models, prompts or tokens, and only there", () => {
  const record = (
    options: Record<string, unknown>,
    weights = "b",
    qa_file = "questions.jsonl",
  ) => {
    const input_sha256 = { [qa_file]: qa_file, "lm/config.json": "a", "lm/weights": weights };
    return {
      provenance: { options: { qa_file, ...options }, input_sha256 },
    } as unknown as LayerRecord;
  };
  assert.deepEqual(settingNotes(record({ layers: "6" }), record({}, "b", "others.jsonl")), []);
  assert.deepEqual(settingNotes(record({}), record({ prepend_bos: "yes" })), [
    'The runs take prompts, tokens or labels in different ways: prepend_bos is the default in A and "yes" in B.',
  ]);
  assert.deepEqual(settingNotes(record({}), record({ label_field: "topic" })), [
    'The runs take prompts, tokens or labels in different ways: label_field is the default in A and "topic" in B.',
  ]);
  assert.deepEqual(
    settingNotes(record({}), record({ delimiter: ";" }, "b", "others.csv")),
    [],
    "the same prompts in another kind of file",
  );
  assert.deepEqual(
    settingNotes(record({}), record({ position: "-2" })),
    [],
    "that is another note",
  );
  assert.match(settingNotes(record({}), record({}, "c")).join(), /different language models/);
});
