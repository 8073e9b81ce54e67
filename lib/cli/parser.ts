/**
 * Reads command lines, and prints their help. commander does it; nothing else knows of it.
 *
 * @module
 */
import { Argument, Command as Parser, CommanderError } from "commander";
import { messageOf, UsageError } from "../base/errors.ts";
import { didYouMean, suggest } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

/** What can be on a command line. */
export interface Syntax {
  /** What the command is called by. */
  readonly name: string;
  /** What follows the name, for the help. */
  readonly usage: string;
  /** What it does. */
  readonly about: string;
  /** Its options. */
  readonly options: readonly OptionSyntax[];
  /** The commands of which one may follow; none where options are all there is. */
  readonly commands?: readonly SubCommand[];
  /** What stands below the help. */
  readonly notes: string;
}

/** An option on a command line. */
export interface OptionSyntax {
  /** What it looks like: `--layers <LIST>`. */
  readonly flags: string;
  /** What it is for. */
  readonly about: string;
  /** The value if it is not given. */
  readonly value?: string | undefined;
  /** Whether it may be given several times: its values are then a list. */
  readonly repeats?: boolean | undefined;
}

/** A command below another. */
export interface SubCommand {
  /** Its name. */
  readonly name: string;
  /** What it does, in one line. */
  readonly about: string;
  /** The one word that has to follow, if there is one. */
  readonly argument?: { readonly name: string; readonly choices: readonly string[] };
  /** What stands below its help. */
  readonly notes?: string;
}

/** What was on a command line. */
export interface Parsed {
  /** The options by name, with their texts, of those that repeat a list; switches are true. */
  readonly options: Readonly<Record<string, string | string[] | boolean | undefined>>;
  /** The command that followed. */
  readonly command?: string;
  /** The word that followed the command. */
  readonly argument?: string;
}

/**
 * Reads arguments.
 *
 * @returns What they say, undefined if help was asked for and has been printed.
 * @throws {UsageError} If they cannot be understood.
 */
export function parse(
  syntax: Syntax,
  args: readonly string[],
  terminal: Terminal,
): Parsed | undefined {
  const parser = withOutput(new Parser(syntax.name), terminal).usage(syntax.usage)
    .description(syntax.about).addHelpText("after", `\n${syntax.notes}`);
  for (const { flags, about, value, repeats } of syntax.options) {
    if (repeats) {
      parser.option(flags, about, (text: string, before: string[] = []) => [...before, text]);
    } else parser.option(flags, about, value);
  }
  let found: Omit<Parsed, "options"> = {};
  if (syntax.commands !== undefined) parser.helpCommand("help [command]", "show a command's help");
  for (const { name, about, argument, notes } of syntax.commands ?? []) {
    const command = withOutput(parser.command(name), terminal).description(about);
    if (argument !== undefined) {
      command.addArgument(new Argument(`<${argument.name}>`).choices(argument.choices));
    }
    if (notes !== undefined) command.addHelpText("after", `\n${notes}`);
    command.action(() => {
      const [word] = command.args;
      found = { command: name, ...(word !== undefined && { argument: word }) };
    });
  }
  try {
    parser.parse(args, { from: "user" });
    return { options: parser.opts(), ...found };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const message = inHouseWords(messageOf(error).replace(/^error: /, ""));
    throw new UsageError(message + didYouMean(suggestionsFor(syntax, error)));
  }
}

/** commander's words for an argument that is none of its choices, as options say it. */
function inHouseWords(message: string): string {
  const [, word, name, choices] =
    /^command-argument value '(.*)' is invalid for argument '(\w+)'\. Allowed choices are (.*)\.$/s
      .exec(message) ?? [];
  return choices === undefined ? message : `${name} ${word}: expected one of ${choices}`;
}

/** What an unknown command or option may have been meant to be. */
function suggestionsFor({ commands = [], options }: Syntax, error: CommanderError): string[] {
  const [, word = ""] = /'-*([^']*)'/.exec(error.message) ?? [];
  if (error.code === "commander.unknownCommand") {
    return suggest(word, [...commands.map(({ name }) => name), "help"]);
  }
  if (error.code !== "commander.unknownOption") return [];
  const names = options.map(({ flags }) => /--(\w+)/.exec(flags)![1]!);
  return suggest(word, [...names, "help"]).map((name) => `--${name}`);
}

/** Lets a parser print to the terminal, and throw where it would end the process. */
function withOutput(parser: Parser, terminal: Terminal): Parser {
  return parser
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureHelp({ helpWidth: terminal.width })
    .configureOutput({
      writeOut: (text) => terminal.printLines(text.trimEnd()),
      writeErr: () => {},
      // commander would look for colours in the environment, which no task may read.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}
