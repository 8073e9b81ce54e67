/** Verdicts on sites of which the truth is known. */
import { halvesOf, partOf, questionsOf } from "../../lib/verdict/questions.ts";
import { markdownOf } from "../../lib/verdict/markdown.ts";
import type { Site } from "../../lib/verdict/site.ts";
import { findAt } from "../../lib/verdict/site_findings.ts";
import { conclude, type Verdict } from "../../lib/verdict/verdict.ts";
import { sectionsOf } from "../../lib/verdict/words/sections.ts";
import type { MadeUp } from "./synthetic_site.ts";

/** What is concluded from sites, with 99 permutations. */
export function verdictOn(...sites: readonly Site[]): Verdict {
  const questions = questionsOf(sites[0]!.found);
  const halves = halvesOf(questions);
  const asked = { questions, all: partOf(questions), halves, permutations: 99 };
  const { position } = sites[0]!;
  return conclude(sites.map((site) => findAt(site, asked)), asked, {
    tests: 0,
    notes: [],
    position,
  });
}

/** What a reader is told. */
export function textOf(verdict: Verdict): string {
  return markdownOf("Verdict", sectionsOf(verdict));
}

/** Slots of which the own one is so high, and the others so. */
export function slots(own: number, others: number, persons = 40): MadeUp {
  const slot: MadeUp["slot"] = ({ relation, noise }, k) =>
    (k === relation ? own : others) + 0.04 * (noise - 0.5);
  return { persons, slot };
}
