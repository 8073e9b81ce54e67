/**
 * What `verdict` finds in a world.
 *
 * @module
 */
import { halvesOf, partOf, questionsOf } from "../../lib/verdict/questions.ts";
import type { Site } from "../../lib/verdict/site.ts";
import { type Asked, findAt } from "../../lib/verdict/site_findings.ts";
import { conclude, type Verdict } from "../../lib/verdict/verdict.ts";

/** The verdict on sites of the same questions, and what was asked. */
export function verdictOn(
  sites: readonly Site[],
  permutations: number,
): { verdict: Verdict; asked: Asked } {
  const questions = questionsOf(sites[0]!.found);
  const asked = { questions, all: partOf(questions), halves: halvesOf(questions), permutations };
  const tests = sites.reduce((sum, { found }) => sum + found.log10Q.length, 0);
  const found = sites.map((site) => findAt(site, asked));
  return { asked, verdict: conclude(found, asked, { tests, notes: [] }) };
}
