/**
 * What a verdict of some sites says.
 *
 * @module
 */
import { markdownOf } from "../../lib/verdict/markdown.ts";
import { halvesOf, partOf, questionsOf } from "../../lib/verdict/questions.ts";
import type { Site } from "../../lib/verdict/site.ts";
import { findAt } from "../../lib/verdict/site_findings.ts";
import { conclude } from "../../lib/verdict/verdict.ts";
import { sectionsOf } from "../../lib/verdict/words/sections.ts";

/** The page of the verdict of sites that were asked alike. */
export function textOf(...sites: readonly Site[]): string {
  const questions = questionsOf(sites[0]!.found);
  const halves = halvesOf(questions);
  const asked = { questions, all: partOf(questions), halves, permutations: 99 };
  const found = sites.map((site) => findAt(site, asked));
  return markdownOf("Verdict", sectionsOf(conclude(found, asked, { tests: 0, notes: [] })));
}
