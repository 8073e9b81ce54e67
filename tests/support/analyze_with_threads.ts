/**
 * An analysis by threads of each kind, however many cores there are: those that read, those that measure,
 * those that draw. As a process, it says `busy` when one of the kind that is asked for has something to do.
 *
 *     deno run … tests/support/analyze_with_threads.ts DIRECTORY OUTPUT_DIR read|"read SAE"|measure|draw
 */
import { ReadingThreads } from "../../lib/reading/reading_threads.ts";
import { analyzeToFiles } from "../../lib/analysis/run.ts";
import { WorkerPool } from "../../lib/compute/worker_pool.ts";

/** Analyses tiny inputs. */
export async function analyzeWithThreads(
  directory: string,
  outputDirectory: string,
): Promise<void> {
  using reading = new ReadingThreads(2, 0);
  await analyzeToFiles({
    lmModel: `${directory}/lm`,
    saeDirectory: `${directory}/sae`,
    questionFile: `${directory}/questions.jsonl`,
    outputDirectory,
    layers: "all",
    samplesPerRelation: 2,
    threshold: 0.1,
    device: "cpu",
    statistics: true,
    forceSae: true, // those of other formats are random
    pictures: { dpi: 20 },
    drawingThreads: 2,
    reading,
  });
}

/** Has each thread say that it is busy, if it is of a kind. */
function tellOf(wanted: string): void {
  const { run } = WorkerPool.prototype;
  WorkerPool.prototype.run = function (request, transfer) {
    const answer = run.call(this, request, transfer);
    if (kindOf(request as object) === wanted) console.log("busy");
    return answer;
  };
}

function kindOf(request: object): string {
  if ("hash" in request) return "hash"; // nothing is on disk yet
  if ("side" in request) return "read SAE";
  return "asked" in request ? "draw" : "values" in request ? "measure" : "read";
}

if (import.meta.main) {
  const [directory, outputDirectory, wanted] = Deno.args as [string, string, string];
  tellOf(wanted);
  await analyzeWithThreads(directory, outputDirectory);
}
