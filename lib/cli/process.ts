/**
 * A command as a process: its arguments, its interrupts, its exit code, its permissions.
 *
 * @module
 */
import { removeUnfinished } from "../files/write_whole.ts";
import { type Command, type CommandRunner, execute, EXIT } from "./command.ts";
import {
  type ConfinedRun,
  exitFromWorker,
  forgetLocation,
  isWorker,
  sayThatItListens,
  startConfined,
  writtenDirectories,
} from "./confinement.ts";
import { Terminal } from "./terminal.ts";

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
  const terminal = new Terminal();
  if (isWorker()) {
    forgetLocation();
    answerInterrupts(terminal, exitFromWorker);
    sayThatItListens();
    return exitFromWorker(await main(terminal));
  }
  let confined: ConfinedRun | undefined;
  answerInterrupts(terminal, Deno.exit, () => confined?.listens !== true);
  // A module from the network cannot be run once more without the permission to import it.
  if (!module?.startsWith("file:")) return Deno.exit(await main(terminal));
  const run: CommandRunner = async (command, values, terminal) => {
    confined = startConfined(module, writtenDirectories(command, values));
    if (confined !== undefined) return await confined.exitCode;
    await command.run(values as never, terminal);
    return 0;
  };
  return Deno.exit(await main(terminal, run));
}

/** Ends the process at Ctrl-C, if that is for this thread to do. */
function answerInterrupts(
  terminal: Terminal,
  exit: (code: number) => never,
  isOurs: () => boolean = () => true,
): void {
  Deno.addSignalListener("SIGINT", () => {
    if (!isOurs()) return;
    removeUnfinished();
    terminal.error(interruption(terminal.complete));
    exit(EXIT.interrupted);
  });
}

function interruption(complete: readonly string[]): string {
  const state = "interrupted; every file that was written is whole, and the rest is not there";
  if (complete.length === 0) return state;
  return `${state}; complete: ${complete.join("; ")}; the same command goes on from there`;
}
