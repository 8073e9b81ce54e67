/**
 * Several commands under one name: `coact analyze`, `coact help analyze`, `coact completions bash`.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { type CommandRunner, execute, exitCodeOf } from "./execute.ts";
import { completionScript } from "./completions.ts";
import { SHELLS } from "./completions/completed.ts";
import { parse, type SubCommand } from "./parser.ts";
import type { Terminal } from "./terminal.ts";

/** A program, ready to be run. */
export interface Program {
  /** What it is called by. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its commands. */
  readonly commands: readonly Command[];
  /** What `--version` prints. */
  readonly version: () => Promise<string[]>;
}

/**
 * Runs the command of a program that the first argument names.
 *
 * @param args The arguments after the program's name.
 * @param run How the command is run. Default: here.
 * @returns The exit code.
 */
export async function executeProgram(
  program: Program,
  args: readonly string[],
  terminal: Terminal,
  run?: CommandRunner,
): Promise<number> {
  const [name = "", ...rest] = args;
  const command = commandNamed(program, name);
  if (command !== undefined) return await execute(command, rest, terminal, run);
  const explained = name === "help" ? commandNamed(program, rest[0]) : undefined;
  if (explained !== undefined) return await execute(explained, ["--help"], terminal);
  return await exitCodeOf(terminal, async () => {
    if (VERSION_FLAGS.includes(name)) {
      for (const line of await program.version()) terminal.print(line);
    } else {
      answer(program, name === "help" ? rest.slice(0, 1) : args, terminal);
    }
    return 0;
  });
}

const VERSION_FLAGS = ["-V", "--version"];

/** A command by its name, in which hyphens may stand for underscores. */
function commandNamed({ commands }: Program, name = ""): Command | undefined {
  return commands.find((command) => command.name === name.replaceAll("-", "_"));
}

/**
 * Prints the help of the program or the completions of a shell.
 *
 * @throws {UsageError} If the arguments ask for what there is not.
 */
function answer(program: Program, args: readonly string[], terminal: Terminal): void {
  const about = "show the versions of all parts, and the GPUs that it sees";
  const commands: SubCommand[] = program.commands.map(({ name, summary }) => {
    return { name, about: summary };
  });
  commands.push({
    name: "completions",
    about: `Print the completions of a shell: ${SHELL_LIST}.`,
    argument: { name: "shell", choices: SHELLS },
    notes: loadingHelp(program.name),
  });
  const parsed = parse(
    {
      name: program.name,
      usage: "<command> [options]",
      about: program.summary,
      options: [{ flags: VERSION_FLAGS.join(", "), about }],
      commands,
      notes: `${program.name} help <command> shows the options of a command.`,
    },
    args.length === 0 ? ["--help"] : args,
    terminal,
  );
  const shell = SHELLS.find((shell) => shell === parsed?.argument);
  if (shell !== undefined) terminal.printLines(completionScript(shell, program));
}

const SHELL_LIST = `${SHELLS.slice(0, -1).join(", ")} or ${SHELLS.at(-1)}`;

/** How each shell loads its completions. */
function loadingHelp(name: string): string {
  return [
    "Where the shells look for them:",
    `  bash: ${name} completions bash > ~/.local/share/bash-completion/completions/${name}`,
    `  zsh:  ${name} completions zsh > DIR/_${name}, where DIR is one of $fpath`,
    `  fish: ${name} completions fish > ~/.config/fish/completions/${name}.fish`,
  ].join("\n");
}
