/**
 * The same job by others: PyTorch, well written (pytorch_baseline.py), and TransformerLens with SAELens, which is
 * what most would pick (transformer_lens_baseline.py).
 *
 * @module
 */
import type { AnalysisPlan } from "../lib/analysis/plan/plan.ts";
import { measure } from "./child.ts";
import type { Job } from "./job.ts";

/** Idle OpenMP threads that spin take the cores from BLAS: PyTorch is three times slower then. */
export const PASSIVE = { OMP_WAIT_POLICY: "PASSIVE" };

/** How both are installed: in the releases that are PyPI's current ones. */
export const INSTALL = "python3 -m pip install torch transformer-lens sae-lens";

/** What a Python has to compare with. */
export interface FoundPython {
  /** The program. */
  readonly program: string;
  /** Whether its PyTorch has a GPU; not looked for where none is measured. */
  readonly hasCuda: boolean;
  /** The versions of what it has, by the names of the packages; `torch` is there. */
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = ["torch", "transformer-lens", "sae-lens"];

/** Says which of the packages there are, and, where that is asked, whether there is a GPU. */
const LOOK = `
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[2:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
cuda = False
if sys.argv[1] == "cuda" and "torch" in found:
    import torch
    cuda = torch.cuda.is_available()
print(json.dumps({"versions": found, "hasCuda": cuda}))
`;

/** Looks what a Python has; undefined if it is not there, or has no PyTorch. */
export async function findPython(
  program: string,
  { cuda }: { cuda: boolean },
): Promise<FoundPython | undefined> {
  try {
    const args = ["-c", LOOK, cuda ? "cuda" : "cpu", ...PACKAGES];
    const { output } = await measure(program, args);
    const found = JSON.parse(output) as Omit<FoundPython, "program">;
    return found.versions.torch === undefined ? undefined : { program, ...found };
  } catch {
    return undefined;
  }
}

/** What is missing in a Python, and how to install it, in one line; undefined if nothing is. */
export function missingIn(program: string, found: FoundPython | undefined): string | undefined {
  const missing = PACKAGES.filter((name) => found?.versions[name] === undefined);
  if (missing.length === 0) return undefined;
  return `${program} lacks ${
    missing.join(", ")
  }; without it nothing is compared with it; to install: ` +
    INSTALL;
}

/** Another program that does the same job. */
export interface Peer {
  /** What it is called in tables. */
  readonly name: string;
  /** Its Python. */
  readonly program: string;
  /** Its script. */
  readonly script: string;
  /** What the script is told beside the job. */
  readonly options: readonly string[];
}

/** The peers that a Python can run, on the CPU and, where it has one, on a GPU. */
export function peersOf({ program, hasCuda, versions }: FoundPython): Peer[] {
  const { torch, "transformer-lens": lens, "sae-lens": saes } = versions;
  const places = [
    ...(hasCuda ? [{ where: "CUDA", options: ["--cuda"] }] : []),
    { where: "CPU", options: [] },
  ];
  const peers = [{ name: `PyTorch ${torch}`, script: "bench/pytorch_baseline.py" }];
  if (lens !== undefined && saes !== undefined) {
    const name = `TransformerLens ${lens} with SAELens ${saes}`;
    peers.push({ name, script: "bench/transformer_lens_baseline.py" });
  }
  return peers.flatMap(({ name, script }) =>
    places.map(({ where, options }) => ({ name: `${name}, ${where}`, program, script, options }))
  );
}

/** The phases that all have, in order. */
export const PHASES = ["import", "load", "language model", "SAEs"] as const;

/** A run of the job without pictures, whoever does it. */
export interface NumbersRun {
  /** The whole process, in seconds, less what is timed warm. */
  readonly seconds: number;
  /** The processor time of all its threads, in seconds; undefined where only Linux says. */
  readonly cpuSeconds: number | undefined;
  /** Its peak memory, in bytes; undefined where only Linux says. */
  readonly peakBytes: number | undefined;
  /** Seconds by phase. */
  readonly phases: Readonly<Record<string, number>>;
}

/** The phase that is no part of the job. */
const WARM = "language model again, warm";

/** The scripts' arguments for a job, whose token ids are written for them. */
export async function torchArgumentsOf(
  { prompts, sample, checkpoints }: AnalysisPlan,
  { lm, saes }: Job,
  scratch: string,
): Promise<string[]> {
  const file = `${scratch}/prompts.json`;
  const ids = prompts.map((prompt) => [...prompt]);
  await Deno.writeTextFile(file, JSON.stringify({ prompts: ids, groups: sample.groupSizes }));
  const layers = checkpoints.map(({ layer }) => layer).join(",");
  return [lm, saes, file, layers];
}

/** Runs a peer once. */
export async function runPeer(
  { program, script, options }: Peer,
  args: readonly string[],
  limit?: number,
): Promise<NumbersRun> {
  const command = [script, ...args, ...options];
  const { seconds: all, cpuSeconds, peakBytes, output } = await measure(
    program,
    command,
    PASSIVE,
    limit,
  );
  const phases = JSON.parse(output.trim().split("\n").at(-1)!).seconds;
  return { seconds: all - (phases[WARM] ?? 0), cpuSeconds, peakBytes, phases };
}
