import assert from "node:assert/strict";
import { SILENT } from "../../lib/base/observer.ts";
import { warnOfLackingLetters } from "../../lib/pictures/lacking_letters.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { layerRecord } from "../support/layer_results.ts";

function warnings(records: readonly LayerRecord[]): string[] {
  const warned: string[] = [];
  warnOfLackingLetters(records, { ...SILENT, warn: (message) => warned.push(message) });
  return warned;
}

function recordOf(...labels: string[]): LayerRecord {
  const relations = labels.map((label, index) => ({ index, key: label, label, questions: 2 }));
  return layerRecord({ relations, slotCount: labels.length });
}

Deno.test("warnOfLackingLetters() says nothing of letters that a font has", () => {
  assert.deepEqual(warnings([recordOf("Birth Date", "出生城市", "नियोक्ता", "한국")]), []);
});

Deno.test("warnOfLackingLetters() warns once of all layers, naming each letter", () => {
  const record = recordOf("work 🏢 city", "🎓");
  assert.deepEqual(warnings([record, { ...record, layer: 7 }]), [
    "the fonts of the pictures have no 🏢 (U+1F3E2), 🎓 (U+1F393): boxes stand in their place, " +
    "and the relation's number before its name",
  ]);
});

Deno.test("warnOfLackingLetters() names ten letters at most", () => {
  const emoji = Array.from({ length: 15 }, (_, i) => String.fromCodePoint(0x1f3e0 + i)).join("");
  assert.match(warnings([recordOf(emoji)])[0]!, /U\+1F3E9\) and 5 more: boxes/);
});

Deno.test("warnOfLackingLetters() looks at the caption, too", () => {
  const { checkpoint, ...rest } = layerRecord();
  const record = { ...rest, checkpoint: { ...checkpoint, path: "saes🏢/layer6/sae_best.pt" } };
  assert.match(warnings([record])[0]!, /have no 🏢/);
});
