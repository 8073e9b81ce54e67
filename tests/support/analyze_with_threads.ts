/**
 * An analysis by threads of each kind, however many cores there are: those that read, those that measure,
 * those that draw, and of a model that is large enough those that look at its weights and run its second
 * half. As a process, it says `busy` when one of the kind that is asked for has something to do.
 *
 *     deno run … tests/support/analyze_with_threads.ts DIRECTORY OUTPUT_DIR KIND
 *
 * KIND is read, "read SAE", check, measure, draw, look or run.
 */
import { ReadingThreads } from "../../lib/reading/reading_threads.ts";
import { analyzeToFiles } from "../../lib/analysis/run.ts";
import { SessionThread } from "../../lib/compute/session_thread.ts";
import { WeightReader } from "../../lib/lm/weight_reader.ts";
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
  const { read } = WeightReader.prototype;
  WeightReader.prototype.read = function (...asked) {
    const answer = read.apply(this, asked);
    if (wanted === "look") console.log("busy");
    return answer;
  };
  const { open } = SessionThread.prototype;
  SessionThread.prototype.open = async function (request) {
    const session = await open.call(this, request);
    return {
      ...session,
      run: (feeds) => {
        const answer = session.run(feeds);
        if (wanted === "run") console.log("busy");
        return answer;
      },
    };
  };
}

function kindOf(request: object): string {
  if ("hash" in request) return "hash"; // nothing is on disk yet
  if ("side" in request) return "read SAE";
  if ("check" in request) return "check";
  return "asked" in request ? "draw" : "values" in request ? "measure" : "read";
}

if (import.meta.main) {
  const [directory, outputDirectory, wanted] = Deno.args as [string, string, string];
  tellOf(wanted);
  await analyzeWithThreads(directory, outputDirectory);
}
