/**
 * How cost and memory grow with the work.
 *
 * @module
 */
import { type Job, runCoact } from "./job.ts";
import { median } from "./products.ts";
import { mebibytes, seconds, type Table } from "./table.ts";

/** How growth is measured. */
export interface GrowthOptions {
  /** How often each point is measured. */
  runs: number;
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
}

interface Point {
  axis: string;
  times: number;
  value: string;
  job: Job;
}

/** The small job at one, three and ten times the questions, layers and features. */
export async function measureGrowth(directory: string, options: GrowthOptions): Promise<Table> {
  const base: Job = {
    lm: `${directory}/lm`,
    saes: `${directory}/sae_1000`,
    questions: `${directory}/questions_x10.jsonl`,
    perRelation: 100,
    layers: "1",
  };
  const all = { ...base, layers: "1-10" };
  const points: Point[] = [1, 3, 10].flatMap((times) => [
    {
      axis: "questions",
      times,
      value: String(600 * times),
      job: { ...all, perRelation: 100 * times },
    },
    {
      axis: "layers",
      times,
      value: String(times),
      job: { ...base, perRelation: 1000, layers: times === 1 ? "1" : `1-${times}` },
    },
    {
      axis: "features",
      times,
      value: String(1000 * times + 6),
      job: { ...all, perRelation: 1000, saes: `${directory}/sae_${1000 * times}` },
    },
  ]);
  const rows = [];
  for (const axis of ["questions", "layers", "features"]) {
    let first: { lm: number; saes: number } | undefined;
    for (const { times, value, job } of points.filter((point) => point.axis === axis)) {
      const runs = [];
      for (let run = 0; run < options.runs; run++) {
        runs.push(await runCoact(job, `${options.scratch}/growth`, "cpu"));
      }
      const lm = median(runs.map(({ phases }) => phases["language model"]!));
      const saes = median(runs.map(({ phases }) => phases["SAEs"]!));
      first ??= { lm, saes };
      options.log(`${axis} ×${times}: language model ${seconds(lm)}, SAEs ${seconds(saes)}`);
      rows.push([
        `${axis}: ${value}`,
        `×${times}`,
        `${seconds(lm)} (×${(lm / first.lm).toFixed(1)})`,
        `${seconds(saes)} (×${(saes / first.saes).toFixed(1)})`,
        seconds(median(runs.map((run) => run.seconds))),
        mebibytes(runs.at(-1)!.peakBytes),
      ]);
    }
  }
  return {
    title: "Growth",
    columns: ["what grows", "by", "language model", "SAEs", "whole process", "peak memory"],
    rows,
    notes: [
      "The small job: GPT-2 of width 256. Base: questions 600 of 10 layers and 1,006 features; " +
      "layers 1 of 6,000 questions and 1,006 features; features 1,006 of 6,000 questions and 10 " +
      "layers. With layers, blocks grow, too.",
    ],
  };
}

/** The job of full size with its questions, and with ten times as many. */
export async function measureMemory(job: Job, options: GrowthOptions): Promise<Table> {
  const rows = [];
  for (const times of [1, 10]) {
    const questions = times === 1 ? job.questions : job.questions.replace(/\.jsonl$/, "_x10.jsonl");
    const grown = { ...job, questions, perRelation: job.perRelation * times };
    const run = await runCoact(grown, `${options.scratch}/memory`, "cpu");
    options.log(`${6 * grown.perRelation} questions: ${mebibytes(run.peakBytes)}`);
    rows.push([String(6 * grown.perRelation), mebibytes(run.peakBytes), seconds(run.seconds)]);
  }
  return {
    title: "Peak memory and questions",
    columns: ["questions", "peak memory", "time"],
    rows,
    notes: ["The hidden states of the second are more than 128 MiB: they lie in a file meanwhile."],
  };
}
