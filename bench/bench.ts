/**
 * How fast coact is, and how far from what this machine can do.
 *
 *     deno task bench --job /tmp/job
 *
 * @module
 */
import { z } from "zod";
import { defineCommand, type Option, type Values } from "../lib/cli/command.ts";
import { countOption, pathOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { UsageError } from "../lib/errors.ts";
import { exists } from "../lib/files/byte_source.ts";
import { versions } from "../lib/version.ts";
import { measure } from "./child.ts";
import { measureGrowth, measureMemory } from "./growth.ts";
import { fullJob } from "./job.ts";
import { markdown, type Table } from "./table.ts";
import { measureWholeJob } from "./whole_job.ts";

const PARTS = ["whole", "memory", "growth"] as const;
type Part = (typeof PARTS)[number];

const options = {
  job: pathOption("DIR", "the job of full size, for the parts whole and memory", "/tmp/job"),
  small_job: pathOption("DIR", "the small job, for the part growth", "/tmp/job_small"),
  parts: partsOption(),
  device: deviceChoice(),
  runs: countOption("how often each point is measured", 3),
  python: pathOption("PROGRAM", "a Python with PyTorch to compare with, or none", "python3"),
  report: pathOption("DIR", "where bench.json and bench.md are written", "results/bench"),
};

const bench = defineCommand({
  name: "bench",
  summary: "Measure the whole job against the limits of this machine and against PyTorch.",
  about: "bench/kernel.ts measures the shader of the SAEs on a GPU.",
  options,
  examples: ["deno task bench --job /tmp/job", "deno task bench --parts whole --python none"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { job, small_job, parts, device, runs, report } = values;
  if (parts.includes("growth")) await requireJob(small_job, " --small");
  if (parts.some((part) => part !== "growth")) await requireJob(job, "");
  const python = values.python === "none" ? undefined : await findTorch(values.python, terminal);
  const scratch = await Deno.makeTempDir({ prefix: "coact-bench-" });
  const tables: Table[] = [];
  try {
    const shared = { runs, scratch, log: (line: string) => terminal.note(line) };
    if (parts.includes("whole")) {
      tables.push(...await measureWholeJob(fullJob(job), { ...shared, python, device }));
    }
    if (parts.includes("memory")) tables.push(await measureMemory(fullJob(job), shared));
    if (parts.includes("growth")) tables.push(await measureGrowth(small_job, shared));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
  const facts = factsOf();
  const text = markdown("Benchmark", [facts.join("; ") + "."], tables);
  await Deno.mkdir(report, { recursive: true });
  await Deno.writeTextFile(`${report}/bench.md`, text);
  await Deno.writeTextFile(`${report}/bench.json`, JSON.stringify({ facts, tables }, null, 2));
  terminal.print(text);
  terminal.print(`wrote ${report}/bench.md and bench.json`);
}

/** Where the part whole computes. */
function deviceChoice(): Option<"cpu" | "gpu"> {
  const schema = z.enum(["cpu", "gpu"], { error: "expected cpu or gpu" });
  const about = "where the part whole computes; on a gpu PyTorch uses CUDA";
  return { placeholder: "cpu|gpu", about, default: "cpu", schema };
}

/** Which parts are measured. */
function partsOption(): Option<readonly Part[]> {
  const schema = z.string().transform((text, context) => {
    const parts = text === "all" ? [...PARTS] : text.split(",");
    if (parts.every((part) => PARTS.some((known) => known === part))) return parts as Part[];
    context.addIssue({ code: "custom", message: `expected all, or some of ${PARTS.join(",")}` });
    return z.NEVER;
  });
  return {
    placeholder: "LIST",
    about: `all, or some of ${PARTS.join(",")}`,
    default: "all",
    schema,
  };
}

async function requireJob(directory: string, option: string): Promise<void> {
  if (await exists(`${directory}/questions_x10.jsonl`)) return;
  throw new UsageError(
    `${directory} holds no job; make it with: OMP_WAIT_POLICY=PASSIVE python3 ` +
      `bench/make_full_size_job.py ${directory}${option}`,
  );
}

async function findTorch(python: string, terminal: Terminal): Promise<string | undefined> {
  try {
    await measure(python, ["-c", "import torch"]);
    return python;
  } catch {
    terminal.warn(`${python} has no PyTorch (Debian: python3-torch); nothing is compared with it`);
    return undefined;
  }
}

function factsOf(): string[] {
  const { coact, deno, ...others } = versions();
  return [
    new Date().toISOString().slice(0, 10),
    `${processorName()}, ${navigator.hardwareConcurrency} threads`,
    `${Math.round(Deno.systemMemoryInfo().total / 2 ** 30)} GiB`,
    `coact ${coact}, Deno ${deno}, onnxruntime-node ${others["onnxruntime-node"]}`,
  ];
}

function processorName(): string {
  try {
    return /^model name\s*: (.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1] ??
      Deno.build.arch;
  } catch {
    return Deno.build.arch;
  }
}

if (import.meta.main) await runCommand(bench);
