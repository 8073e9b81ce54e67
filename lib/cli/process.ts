/**
 * A command as a process: its arguments, its interrupts, its exit code, its permissions.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { boundThreads } from "../compute/start_worker.ts";
import { removeUnfinished } from "../files/unfinished.ts";
import type { Command } from "./command.ts";
import {
  type ConfinedRun,
  exitFromWorker,
  forgetLocation,
  isWorker,
  letProcessStartThreads,
  librariesOfWorker,
  mayComputeNatively,
  type Report,
  report,
  startConfined,
  writtenDirectories,
} from "./confinement.ts";
import { type EndProcess, prepareToEnd } from "./end_process.ts";
import { type CommandRunner, execute, EXIT } from "./execute.ts";
import { Terminal } from "./terminal.ts";

/** How long a worker may take to answer Ctrl-C, in milliseconds. */
const GRACE = 700;

/**
 * Runs a command with the arguments of the process and ends the process with its exit code.
 *
 * @param module The module that is the process, if the command is to write nowhere but below the
 * directories of its options: `import.meta.url` of a script. Missing: it may what the process may.
 */
export async function runCommand(command: Command, module?: string): Promise<never> {
  return await runProcess((terminal, run) => execute(command, Deno.args, terminal, run), module);
}

/**
 * Runs what gives an exit code, and ends the process with it.
 *
 * @param main Reads the arguments, and has the command run by what it is handed, if anything.
 * @param module As for {@linkcode runCommand}.
 */
export async function runProcess(
  main: (terminal: Terminal, run?: CommandRunner) => Promise<number>,
  module?: string,
): Promise<never> {
  if (isWorker()) return await runWorker(main);
  const terminal = new Terminal();
  let confined: ConfinedRun | undefined;
  let end: EndProcess = Deno.exit;
  Deno.addSignalListener("SIGINT", () => {
    if (confined?.report.listens) setTimeout(() => leave(confined!.report, end), GRACE);
    else interrupt(terminal, end);
  });
  // A module from the network cannot be run once more without the permission to import it.
  if (!module?.startsWith("file:")) return Deno.exit(await main(terminal));
  const run: CommandRunner = async (command, values, terminal) => {
    const libraries = await directoryForLibraries();
    end = prepareToEnd(); // before this process gives the permission up
    const computes = mayComputeNatively(command, values);
    confined = startConfined(module, writtenDirectories(command, values), { libraries, computes });
    if (confined !== undefined) return await confined.exitCode;
    await command.run(values as never, terminal);
    return 0;
  };
  return end(await main(terminal, run));
}

async function runWorker(main: (terminal: Terminal) => Promise<number>): Promise<never> {
  forgetLocation();
  const libraries = librariesOfWorker();
  if (libraries !== undefined) {
    const { unpackNativeRuntimeInto } = await import("../compute/native_runtime.ts");
    unpackNativeRuntimeInto(libraries);
  }
  boundThreads(); // it was bounded itself, so that Deno lets it
  letProcessStartThreads();
  const terminal = new ReportingTerminal();
  Deno.addSignalListener("SIGINT", () => interrupt(terminal, exitFromWorker));
  report({ listens: true });
  return exitFromWorker(await main(terminal));
}

/** A directory for a binary's native libraries, undefined if there are none or it cannot be made. */
async function directoryForLibraries(): Promise<string | undefined> {
  if (!Deno.build.standalone) return undefined;
  const { reserveNativeDirectory } = await import("../compute/native_runtime.ts");
  try {
    return reserveNativeDirectory();
  } catch (error) {
    if (error instanceof InputError) return undefined; // whoever needs it will say so
    throw error;
  }
}

/** Tells the process, too, what is complete. */
class ReportingTerminal extends Terminal {
  override done(directory: string, part: string, included?: readonly string[]): void {
    super.done(directory, part, included);
    report({ complete: this.complete });
  }
}

/** Ends the process at Ctrl-C, and leaves nothing half-written. */
function interrupt(terminal: Terminal, exit: EndProcess): never {
  removeUnfinished();
  terminal.error(interruption("the rest is not there", terminal.complete));
  return exit(EXIT.interrupted);
}

/**
 * Ends the process at Ctrl-C while the worker is deep in a computation, as after a kill: the next
 * run removes what is half-written, which is hidden.
 */
function leave({ complete = [] }: Report, exit: EndProcess): never {
  if (Deno.stderr.isTerminal()) console.error(); // the worker's bar may be there
  const rest = "the next run there removes the hidden rest";
  new Terminal().error(interruption(rest, complete));
  return exit(EXIT.interrupted);
}

function interruption(rest: string, complete: readonly string[]): string {
  const state = `interrupted; every file that was written is whole, and ${rest}`;
  if (complete.length === 0) return `${state}; the same command does it again`;
  return `${state}; complete: ${
    complete.join("; ")
  }; the same command, without --force, goes on from there`;
}
