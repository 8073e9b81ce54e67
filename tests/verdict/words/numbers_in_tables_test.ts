/** Whether a reader can check what a verdict says: each number of a sentence stands elsewhere, too. */
import assert from "node:assert/strict";
import { halvesOf, partOf, questionsOf } from "../../../lib/verdict/questions.ts";
import { findAt } from "../../../lib/verdict/site_findings.ts";
import { conclude } from "../../../lib/verdict/verdict.ts";
import { verdictRecord } from "../../../lib/verdict/verdict_files.ts";
import { sectionsOf } from "../../../lib/verdict/words/sections.ts";
import { type MadeUp, noiseOf, syntheticSite } from "../../support/synthetic_site.ts";

/** What is said of the method, and is no result: borders, levels, how often names are permuted. */
const METHOD = ["0.05", "5", "95", "30", "93", "0.998", "0.7", "0.3", "1.0", "0.5", "0.1", "0.2"];
const COUNTS = ["1", "2", "19", "20", "199", "200", "0"];

/** A number as sentences write it; what follows a letter is part of a name. */
const NUMBER = /(?<![\w.,])\d[\d,]*(?:\.\d+)?(?=[^\w]|$)/g;

function numbersIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(NUMBER)].map(([number]) => number))
    .map((number) => number.replace(/,$/, ""));
}

/** Every number of a record, as it may be written. */
function* written(value: unknown): Generator<string> {
  if (typeof value === "number") {
    for (const digits of [0, 1, 2, 3]) yield Math.abs(value).toFixed(digits);
    yield Math.abs(100 * value).toFixed(1);
    yield value.toLocaleString("en-US");
  } else if (Array.isArray(value)) {
    yield String(value.length);
    for (const each of value) yield* written(each);
  } else if (value !== null && typeof value === "object") {
    for (const each of Object.values(value)) yield* written(each);
  }
}

Deno.test("each number of a sentence stands in a table or among the numbers of verdict.json", () => {
  const made = (layer: number): MadeUp => ({
    persons: 44,
    layer,
    tokens: ({ relation, person }) => 9 + (relation + person) % 4,
    free: Array.from(
      { length: 60 },
      (_, k) => ({ relation, person, wording }) =>
        layer === 0
          ? (relation + person) % 4 + k
          : noiseOf(k, layer, person, wording) + (k % 3 === relation ? 0.2 * layer : 0),
    ),
    slot: ({ relation, noise }, k) => (k === relation ? 0.4 * layer : 0.2) + 0.3 * noise,
  });
  const sites = [0, 1, 2, 3].map((layer) => syntheticSite(made(layer)));
  const questions = questionsOf(sites[0]!.found);
  const halves = halvesOf(questions);
  const asked = { questions, all: partOf(questions), halves, permutations: 99 };
  const found = sites.map((site) => findAt(site, asked));
  const verdict = conclude(found, asked, { tests: 756, notes: [] });
  const sections = sectionsOf(verdict);
  const { sections: _, ...record } = verdictRecord(verdict);
  const known = new Set([...METHOD, ...COUNTS, ...written(record)]);
  for (const { heading, sentences, tables } of sections) {
    const shown = new Set(numbersIn(tables.flatMap(({ rows }) => rows.flat())));
    for (const number of numbersIn(sentences)) {
      assert(shown.has(number) || known.has(number), `${number} in: ${heading}`);
    }
  }
});
