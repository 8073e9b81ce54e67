/**
 * `verdict.md` and `verdict.json`: the answers as a text, and as data with the sentences.
 *
 * @module
 */
import { jsonText } from "../files/json_writer.ts";
import { Staging } from "../files/write_whole.ts";
import { markdownOf } from "./markdown.ts";
import { verdictPaths } from "../results/file_names.ts";
import type { Verdict } from "./verdict.ts";
import { lackingNulls } from "./words/nulls.ts";
import { sectionsOf } from "./words/sections.ts";

/** What is no part of the file: numbers of each question or person, of which the rest is made. */
const INNER = new Set([
  "gaps",
  "owns",
  "estimating_active",
  "scores",
  "marks",
  "influence",
  "by_group_influences",
  "parts",
]);

/**
 * Writes both files, whole or not at all.
 *
 * @returns Their paths.
 * @throws {InputError} If one cannot be written.
 */
export async function writeVerdict(directory: string, verdict: Verdict): Promise<string[]> {
  const paths = verdictPaths(directory);
  await using staging = new Staging();
  const names = [
    ...verdict.length.map(({ group }) => group),
    ...wordingNames(verdict),
    ...(verdict.position === undefined ? [] : [verdict.position]),
  ];
  await staging.add(paths[0]!, markdownOf("Verdict", sectionsOf(verdict), names));
  await staging.add(paths[1]!, jsonText(verdictRecord(verdict)));
  await staging.commit();
  return paths;
}

/** What the wordings of the best features are called. */
function wordingNames({ sites }: Verdict): Set<string> {
  const best = sites.flatMap(({ encodings }) => encodings.flatMap((each) => each.best));
  return new Set(best.flatMap(({ byWording }) => byWording.each.map(({ wording }) => wording)));
}

/** The verdict as it stands in `verdict.json`: every number, and every sentence that is said of it. */
export function verdictRecord(verdict: Verdict): Record<string, unknown> {
  const sentences = sectionsOf(verdict).map(({ heading, sentences }) => ({ heading, sentences }));
  return {
    sections: sentences,
    not_computed: lackingNulls(verdict).map((name) => `what is found without the SAE, at ${name}`),
    ...recordOf(verdict) as Record<string, unknown>,
  };
}

/** Names in the spelling of the other files; a number that does not exist would be a defect. */
function recordOf(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error("a number of the verdict does not exist and has no reason");
  }
  if (Array.isArray(value)) return value.map(recordOf);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), each] as const)
      .filter(([name, each]) => !INNER.has(name) && each !== undefined)
      .map(([name, each]) => [name, recordOf(each)]),
  );
}
