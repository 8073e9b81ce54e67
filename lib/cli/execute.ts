/**
 * Runs a command: reads and checks its arguments, and says in one line what is wrong.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import { describeProblem } from "./advice.ts";
import { normalizeArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { calledAs, TASK } from "./invocation.ts";
import { lackingPermission } from "./lacking_permission.ts";
import { parse, type Syntax } from "./parser.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command with checked values; returns the exit code. */
export type CommandRunner = (
  command: Command,
  values: Readonly<Record<string, unknown>>,
  terminal: Terminal,
) => Promise<number>;

/**
 * Exit codes: 1 for input that cannot be used, 2 for a command line that cannot be understood; 70
 * is `EX_SOFTWARE` of sysexits.h, 130 what shells give a process that SIGINT ended.
 */
export const EXIT = { input: 1, usage: 2, defect: 70, interrupted: 130 } as const;

/**
 * Runs a command. A mistake of the user's is reported in one line on standard error.
 *
 * @param args The arguments after the command's name.
 * @param run How it is run once its arguments have been checked. Default: here.
 * @returns The exit code.
 */
export async function execute(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
  run: CommandRunner = runHere,
): Promise<number> {
  return await exitCodeOf(terminal, async () => {
    const values = parseArguments(command, args, terminal);
    return values === undefined ? 0 : await run(command, values, terminal);
  });
}

async function runHere(
  { run }: Command,
  values: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<number> {
  await run(values as never, terminal);
  return 0;
}

/** The exit code of what is done; a mistake of the user's is reported in one line. */
export async function exitCodeOf(terminal: Terminal, run: () => Promise<number>): Promise<number> {
  try {
    const code = await run();
    terminal.checkPrinted();
    return code;
  } catch (error) {
    terminal.endLine();
    if (error instanceof InputError) {
      terminal.error(describeProblem(error));
      return error instanceof UsageError ? EXIT.usage : EXIT.input;
    }
    if (error instanceof Deno.errors.NotCapable) {
      terminal.error(lackingPermission(error));
      return EXIT.input;
    }
    terminal.defect(error);
    return EXIT.defect;
  } finally {
    terminal.endLine();
  }
}

/**
 * Parses and checks arguments. Names may be written with underscores or hyphens, lists with commas
 * or spaces.
 *
 * @returns The values by name, undefined if help was asked for and has been printed.
 * @throws {UsageError} If an option is unknown or has a value that is not allowed.
 */
function parseArguments(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Record<string, unknown> | undefined {
  const parsed = parse(syntaxOf(command), normalizeArguments(command.options, args), terminal);
  if (parsed === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(command.options).map(([name, { schema }]) => {
      const text = parsed.options[name];
      const checked = schema.safeParse(text);
      if (checked.success) return [name, checked.data];
      const option = [`--${name}`, text].filter(Boolean).join(" ");
      throw new UsageError(`${option}: ${checked.error.issues[0]!.message}`);
    }),
  );
}

function syntaxOf({ name, summary, about, options, examples }: Command): Syntax {
  const lines = examples.map((example) => `  ${example.replace(TASK, calledAs())}`);
  return {
    name: calledAs() === TASK ? name : `${calledAs()} ${name}`,
    usage: "[options]",
    about: [summary, about].filter(Boolean).join("\n\n"),
    options: Object.entries(options).map(([name, option]) => {
      const { placeholder, about, default: value, repeats } = option;
      const flags = placeholder === undefined ? `--${name}` : `--${name} <${placeholder}>`;
      return { flags, about, value, repeats };
    }),
    notes: `Options may be written with hyphens, lists with spaces.\n\nExamples:\n${
      lines.join("\n")
    }`,
  };
}
