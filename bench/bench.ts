/**
 * How fast coact is, and how far from what this machine can do.
 *
 *     deno task bench --job /tmp/job
 *     deno task bench --device gpu
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineCommand, type Values } from "../lib/cli/command.ts";
import { countOption, numberOption, pathOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { InputError, messageOf, UsageError } from "../lib/base/errors.ts";
import { measureBatches } from "./batches.ts";
import { measureCalibration } from "./calibration.ts";
import { exists } from "../lib/files/look.ts";
import { measureCalls } from "./calls.ts";
import { measureJobOnGpu, measureKernel, measureNative } from "./gpu_parts.ts";
import { measureGrowth, measureMemory } from "./growth.ts";
import { fullJob } from "./job.ts";
import { factsOf, gpuName, peakOf } from "./machine.ts";
import { holdsJob, makeJob, makingCommand } from "./make_job.ts";
import { measureLargeSae } from "./large_sae.ts";
import { MEASURED_MODELS, measureModels } from "./models.ts";
import { measureHost } from "./host.ts";
import { findPython, type FoundPython, missingIn } from "./pytorch.ts";
import { ALL, deviceChoice, isOfJob, modelsOption, type Part, partsOption } from "./parts.ts";
import { Report } from "./report.ts";
import { measureStatistics } from "./statistics.ts";
import { measureGain } from "./statistics_gain.ts";
import type { Table } from "./table.ts";
import { measureTimeline } from "./timeline.ts";
import { measureWholeJob } from "./whole_job.ts";
import { measureWorlds } from "./worlds.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const options = {
  job: pathOption("DIR", "the job of full size; with --device gpu made if not there", "/tmp/job"),
  small_job: pathOption("DIR", "the small job, for the part growth", "/tmp/job_small"),
  models: modelsOption(MEASURED_MODELS),
  own_model: pathOption("DIR", "for the part models: one with weights of its own, or none", "none"),
  parts: partsOption(),
  device: deviceChoice(),
  runs: countOption("how often each point is measured", 3),
  draws: countOption("for the part worlds: how many worlds are drawn from each law", 200),
  python: pathOption(
    "PROGRAM",
    "a Python with PyTorch, and TransformerLens and SAELens, to compare with; or none",
    "python3",
  ),
  peak_tflops: numberOption(
    "the GPU's float32 peak, from its data sheet; 0: known cards by name",
    0,
  ),
  report: pathOption(
    "DIR",
    "where bench.json, bench.md and the timeline are written",
    "results/bench",
  ),
};

const bench = defineCommand({
  name: "bench",
  summary: "Measure the whole job against the limits of this machine, PyTorch and TransformerLens.",
  about: "A part that fails is reported, and the others go on; the report is written after each.",
  options,
  examples: ["deno task bench --job /tmp/job", "deno task bench --device gpu"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { job, small_job, device, runs } = values;
  const parts = values.parts === "all" ? ALL[device] : values.parts;
  if (device === "cpu" && parts.some((part) => ["kernel", "calls", "native"].includes(part))) {
    throw new UsageError("the parts kernel, calls and native are of a GPU; add --device gpu");
  }
  const log = (line: string) => terminal.note(line);
  const python = values.python === "none"
    ? undefined
    : await findPython(values.python, { cuda: device === "gpu" });
  const missing = values.python === "none" ? undefined : missingIn(values.python, python);
  if (missing !== undefined) terminal.warn(missing);
  const needsJob = parts.some(isOfJob);
  if (parts.includes("growth")) await requireJob(small_job, " --small");
  if (needsJob && device === "cpu") await requireJob(job);
  const report = new Report(values.report, [...await factsOf(device), ...torchFacts(python)]);
  const scratch = await Deno.makeTempDir({ prefix: "coact-bench-" });
  const shared = { runs, scratch, log };
  const fail = async (what: string, error: unknown) => {
    terminal.warn(`${what} failed: ${messageOf(error).trim()}`);
    await report.fail(what, error);
  };
  const measures: Record<Part, () => Promise<Table[]>> = {
    kernel: async () => {
      return await measureKernel(scratch, values.peak_tflops || peakOf(await gpuName()));
    },
    whole: async () => {
      const here = { ...shared, python, failed: fail };
      if (device === "cpu") return await measureWholeJob(fullJob(job), here);
      const publish = (tables: Table[]) => report.put("whole", tables);
      return await measureJobOnGpu(fullJob(job), { ...here, publish });
    },
    calls: () => measureCalls(job),
    native: () => measureNative(job),
    timeline: async () => [
      await measureTimeline({ job, device, scratch, report: values.report, log }),
    ],
    memory: async () => [await measureMemory(fullJob(job), shared)],
    growth: async () => [await measureGrowth(small_job, shared)],
    large: async () => [await measureLargeSae({ device, log })],
    models: async () => {
      const own = values.own_model === "none" ? undefined : values.own_model;
      return [
        await measureModels({ ...shared, python: python?.program, own, models: values.models }),
      ];
    },
    statistics: async () => [await measureStatistics(shared)],
    gain: async () => [await measureGain(fullJob(job), shared)],
    batches: async () => [await measureBatches(fullJob(job), { runs, log })],
    calibration: () => measureCalibration(shared),
    worlds: () => Promise.resolve(measureWorlds({ draws: values.draws, log })),
    host: async () => {
      const places = [`${job}/sae`, `${small_job}/sae_10000`, "demo/sae"]
        .map((place) => resolve(ROOT, place));
      let saes = places.at(-1)!;
      for (const place of places.toReversed()) if (await exists(`${place}/layer1`)) saes = place;
      return [await measureHost({ runs, scratch, saes, log })];
    },
  };
  let ready: Promise<void> | undefined;
  try {
    for (const part of parts) {
      log(`part ${part}`);
      try {
        if (isOfJob(part)) await (ready ??= makeMissing(job, python?.program, log));
        await report.put(part, await measures[part]());
      } catch (error) {
        await fail(part, error);
      }
    }
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
  for (const line of report.text.trimEnd().split("\n")) terminal.print(line);
  terminal.print(`wrote ${values.report}/bench.md and bench.json`);
  if (report.failed.length > 0) throw new InputError(`failed: ${report.failed.join(", ")}`);
}

async function makeMissing(
  directory: string,
  python: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  if (python === undefined) await requireJob(directory);
  else if (!await holdsJob(directory)) await makeJob(directory, python, log);
}

async function requireJob(directory: string, option: string = ""): Promise<void> {
  if (await holdsJob(directory)) return;
  throw new UsageError(
    `${directory} holds no job; make it with: ${makingCommand(directory, option)}`,
  );
}

/** The versions of what is compared with. */
function torchFacts(python: FoundPython | undefined): string[] {
  if (python === undefined) return ["no PyTorch"];
  const versions = Object.entries(python.versions).map((each) => each.join(" "));
  return [`${versions.join(", ")}${python.hasCuda ? ", with CUDA" : ""}`];
}

if (import.meta.main) await runCommand(bench);
