/** What is left of runs that are killed at any moment, and what the next run makes of it. */
import { killRuns } from "../support/kill_runs.ts";

Deno.test("analyze that is killed leaves whole files, and is finished by the next run, twice", () =>
  killRuns(1, 2));
