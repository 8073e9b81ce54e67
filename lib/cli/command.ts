/**
 * What a script is for its user: a name, options, help, an exit code. Each script is one command,
 * and the same definition makes its help, its checks and its place in the single binary.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import type { Schema } from "../files/json.ts";
import { describeProblem } from "./advice.ts";
import { normalizeArguments } from "./arguments.ts";
import { calledAs, TASK } from "./invocation.ts";
import { parse, type Syntax } from "./parser.ts";
import type { Terminal } from "./terminal.ts";

/** An option. */
export interface Option<T = unknown> {
  /** What stands for the value in the help, `DIR`; missing if the option takes none. */
  readonly placeholder?: string;
  /** What it is for. */
  readonly about: string;
  /** All values that there are, where they can be listed; a `LIST` takes several of them. */
  readonly values?: readonly string[];
  /** Whether it may be given several times; its schema then gets a list of texts. */
  readonly repeats?: boolean;
  /** Whether it names a directory that the command writes to. */
  readonly isWritten?: boolean;
  /** The value if it is not given, as it would be typed; undefined for none. */
  readonly default?: string | undefined;
  /** Turns the text into the value, or says what is wrong with it. */
  readonly schema: Schema<T>;
}

/** Options by name, in the guide's spelling: `samples_per_relation`. */
export type Options = Readonly<Record<string, Option>>;

/** The values of options. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** A command, ready to be run. */
export interface Command {
  /** Its name, that of the script and of the task. */
  readonly name: string;
  /** What it makes, in one line. */
  readonly summary: string;
  /** More about it, for the help. */
  readonly about?: string | undefined;
  /** Its options. */
  readonly options: Options;
  /** Command lines that work, for the help. */
  readonly examples: readonly string[];
  /** Runs it with checked values. */
  readonly run: (values: never, terminal: Terminal) => Promise<void>;
}

/** Runs a command with checked values; returns the exit code. */
export type CommandRunner = (
  command: Command,
  values: Readonly<Record<string, unknown>>,
  terminal: Terminal,
) => Promise<number>;

/** Defines a command; the values that `run` gets have the types of the options' schemas. */
export function defineCommand<O extends Options>(
  definition: Omit<Command, "options" | "run"> & {
    options: O;
    run: (values: Values<O>, terminal: Terminal) => Promise<void>;
  },
): Command {
  return definition;
}

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
