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
  /** The processor time of all its threads, in seconds; undefined where only Linux says. */
  cpuSeconds: number | undefined;
  /** What it printed. */
  output: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How often peak and processor time are looked up, in milliseconds: they only grow, so that the last counts. */
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
  let cpuSeconds: number | undefined;
  const timer = setInterval(() => {
    peakBytes = peakOf(child.pid) ?? peakBytes;
    cpuSeconds = cpuSecondsOf(child.pid) ?? cpuSeconds;
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
  return { seconds, peakBytes, cpuSeconds, output: decoder.decode(stdout) };
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

/** Ticks of Linux's clock of processor time in a second. */
const TICKS = 100;

/** The processor time of a running process so far, of all its threads, from Linux's own account. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // Its name stands in parentheses and may hold spaces.
    const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
    const ticks = Number(user) + Number(system);
    return Number.isFinite(ticks) && ticks > 0 ? ticks / TICKS : undefined;
  } catch {
    return undefined;
  }
}
