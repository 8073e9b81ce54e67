/**
 * Analyses of one file of prompts by several fields of labels: a directory for each field, one pass of
 * the model for all.
 *
 * @module
 */
import { type Observer, PhaseClock, SILENT } from "../base/observer.ts";
import { describeDevice, openDevice, prepareDevice } from "../compute/device.ts";
import { type AnalysisPlan, planAnalysis } from "./plan/plan.ts";
import { type AnalysisFileOptions, type AnalysisOutcome, analyzeToFiles, runPlan } from "./run.ts";
import { ReadingThreads } from "../reading/reading_threads.ts";
import { SharedStates } from "./shared_states.ts";
import { workOf } from "./plan/work.ts";

/** What the analysis of a grouping came to. */
export interface GroupingOutcome extends AnalysisOutcome {
  /** The field of its labels; undefined where AlignSAE's count. */
  readonly field?: string | undefined;
  /** The directory of its results. */
  readonly directory: string;
}

/**
 * Analyses prompts by each of their label fields. Of several fields, each has a directory of its name
 * within that for the results; with one or none, the results lie there directly.
 *
 * @throws {InputError} As {@linkcode analyzeToFiles} does.
 */
export async function analyzeGroupings(
  options: AnalysisFileOptions,
  observer: Observer = SILENT,
): Promise<GroupingOutcome[]> {
  const { prompts = {}, outputDirectory } = options;
  const { labelFields = [], labelOrders = [] } = prompts;
  if (labelFields.length < 2) {
    const outcome = await analyzeToFiles(options, observer);
    return [{ ...outcome, field: labelFields[0], directory: outputDirectory }];
  }
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  prepareDevice(options.device);
  using threads = options.reading === undefined ? new ReadingThreads() : undefined;
  const reading = (options.reading ?? threads)!;
  const names = directoryNames(labelFields);
  const planned: { field: string; options: AnalysisFileOptions; plan: AnalysisPlan }[] = [];
  for (const [i, field] of labelFields.entries()) {
    const order = labelOrders[i];
    const own = {
      ...options,
      reading,
      prompts: {
        ...prompts,
        labelFields: [field],
        labelOrders: order === undefined ? [] : [order],
      },
      outputDirectory: `${outputDirectory}/${names[i]}`,
    };
    // What is said of the file, the model and the SAEs is the same for all.
    planned.push({
      field,
      options: own,
      plan: await planAnalysis(own, i === 0 ? clock : SILENT, reading),
    });
  }
  using shared = new SharedStates(planned.map(({ plan }) => plan));
  using device = await openDevice(
    options.device,
    workOf({ ...planned[0]!.plan, ...shared.shared }),
  );
  clock.note(`device: ${describeDevice(device)} (${device.reason})`);
  const outcomes: GroupingOutcome[] = [];
  for (const { field, options, plan } of planned) {
    const outcome = await runPlan(plan, device, options, {
      clock: new PhaseClock(clock),
      shared,
    });
    outcomes.push({ ...outcome, field, directory: options.outputDirectory });
  }
  return outcomes;
}

/** A directory's name for each field: what no file system refuses, and no two alike. */
function directoryNames(fields: readonly string[]): string[] {
  const names = fields.map((field) =>
    field.replaceAll(/[^\p{L}\p{N}_-]/gu, "_").slice(0, 60).toWellFormed()
  );
  const isAlone = (name: string) =>
    names.filter((other) => other.toLowerCase() === name.toLowerCase()).length === 1;
  return names.map((name, i) => isAlone(name) ? name : `${name}_${i + 1}`);
}
