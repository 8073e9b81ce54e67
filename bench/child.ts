/**
 * Runs a program and measures it from outside.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

/** What a program took. */
export interface Measurement {
  /** From its start to its end, in seconds. */
  seconds: number;
  /** The most memory it had at a time (resident set), in bytes; undefined where only Linux says. */
  peakBytes: number | undefined;
  /** What it printed. */
  output: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How often the peak is looked up, in milliseconds: it only grows, so that the last one counts. */
const LOOK_EVERY = 20;

/**
 * Runs a program to its end.
 *
 * @param limit The seconds that it may take.
 * @throws {Error} If it fails, with what it said, or takes longer.
 */
export async function measure(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
  limit: number = Infinity,
): Promise<Measurement> {
  const start = performance.now();
  let isLate = false;
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakBytes: number | undefined;
  const timer = setInterval(() => {
    peakBytes = peakOf(child.pid) ?? peakBytes;
    if (isLate || performance.now() - start < 1000 * limit) return;
    isLate = true;
    child.kill("SIGKILL");
  }, LOOK_EVERY);
  const { success, stdout, stderr } = await child.output();
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  const decoder = new TextDecoder();
  if (isLate) throw new Error(`${program} ${args.join(" ")} took longer than ${limit} s`);
  if (!success) {
    const why = decoder.decode(stderr).slice(0, 2000).trim();
    throw new Error(`${program} ${args.join(" ")}: ${why}`);
  }
  return { seconds, peakBytes, output: decoder.decode(stdout) };
}

/** Runs a script or a program of the benchmark with Deno, as the task `analyze` would. */
export function measureDeno(
  script: string,
  args: readonly string[],
  limit?: number,
): Promise<Measurement> {
  const [, flags = ""] =
    /^deno run (.*) scripts\/analyze\.ts$/.exec(config.tasks.analyze.command) ??
      [];
  const command = ["run", "--quiet", ...flags.split(" "), script, ...args];
  return measure(Deno.execPath(), command, { NO_COLOR: "1" }, limit);
}

/** The greatest resident set of a running process so far, from Linux's own account. */
function peakOf(pid: number): number | undefined {
  try {
    const [, kibibytes] =
      /^VmHWM:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ??
        [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined; // another system, or the process has just ended
  }
}
