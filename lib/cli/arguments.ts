/**
 * Command lines as people write them, made into what a parser reads: names with hyphens, lists with
 * spaces, `--` as npm wants it.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import type { Options } from "./command.ts";
import { didYouMean, suggest } from "./suggest.ts";

/** The longest word that is looked at for what else it may mean. */
const LONGEST_NAME = 60;

/** What asks for help, wherever it stands. */
const HELP = ["-h", "--help"];

/**
 * Arguments in one spelling: options with underscores, each list in one argument.
 *
 * @throws {UsageError} If an option is not known or a word belongs to none, unless help is asked
 * for.
 */
export function normalizeArguments(options: Options, args: readonly string[]): string[] {
  const wantsHelp = args.some((argument) => HELP.includes(argument));
  const rest = args[0] === "--" ? args.slice(1) : [...args];
  const normal: string[] = [];
  while (rest.length > 0) {
    const argument = underscored(options, rest.shift()!);
    const [, name = "", value] = /^--(\w+)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = Object.hasOwn(options, name) ? options[name]! : undefined;
    if (option === undefined) {
      if (!wantsHelp) throw unknown(options, argument, normal.at(-1));
      normal.push(argument);
    } else if (option.placeholder === undefined) {
      normal.push(argument);
    } else if (option.placeholder === "LIST") {
      normal.push(...listArgument(name, value, rest));
    } else {
      normal.push(argument, ...(value === undefined ? rest.splice(0, 1) : []));
    }
  }
  return normal;
}

/** A list with all words that follow it, as one argument: `--layers=0,6` of `--layers 0 6`. */
function listArgument(name: string, first: string | undefined, rest: string[]): string[] {
  if (first === undefined && rest.length === 0) return [`--${name}`]; // its value is missing
  const items = [first ?? rest.shift()!];
  while (rest.length > 0 && !rest[0]!.startsWith("-")) items.push(rest.shift()!);
  if (items.length === 1) return [`--${name}=${items[0]}`];
  return [`--${name}=${items.map((item) => item.replace(/^,|,\s*$/g, "")).filter(Boolean).join()}`];
}

/** `--samples-per-relation=3` as `--samples_per_relation=3`; what is no option stays as it is. */
function underscored(options: Options, argument: string): string {
  const [, name = "", rest = ""] = /^--([a-z][\w-]*)(=.*)?$/s.exec(argument) ?? [];
  const spelled = name.replaceAll("-", "_");
  return Object.hasOwn(options, spelled) ? `--${spelled}${rest}` : argument;
}

/** What is wrong with an argument that is none of the options. */
function unknown(options: Options, argument: string, before: string | undefined): UsageError {
  if (!argument.startsWith("-")) return stray(options, argument, before);
  const [flag = ""] = argument.split("=");
  const suggestions = didYouMean(suggestOptions(options, flag));
  return new UsageError(`unknown option '${flag}'${suggestions}`);
}

/** A word where an option is expected. */
function stray(options: Options, word: string, before: string | undefined): UsageError {
  const [name = ""] = word.split("=");
  if (Object.hasOwn(options, name.replaceAll("-", "_"))) {
    return new UsageError(`too many arguments: '${word}'${didYouMean([`--${word}`])}`);
  }
  const option = before?.startsWith("--") ? options[before.slice(2)] : undefined;
  if (option !== undefined && option.placeholder === undefined) {
    return new UsageError(`too many arguments: ${before} takes no value, so not '${word}'`);
  }
  return new UsageError(
    before === undefined
      ? `too many arguments: '${word}' belongs to no option; options begin with --`
      : `too many arguments: '${word}' belongs to no option; a value with spaces needs quotes`,
  );
}

/** What an unknown option may have been meant to be: another, or one with that value. */
function suggestOptions(options: Options, flag: string): string[] {
  const word = flag.replace(/^-+/, "").slice(0, LONGEST_NAME);
  const withValue = Object.entries(options)
    .filter(([, { values = [] }]) => values.includes(word.toLowerCase()))
    .map(([name]) => `--${name} ${word.toLowerCase()}`);
  if (withValue.length > 0) {
    const inOtherNumber = [word.replace(/s$/, ""), `${word}s`]
      .filter((name) => name !== word && Object.hasOwn(options, name)).map((name) => `--${name}`);
    return [...inOtherNumber, ...withValue];
  }
  return suggest(word, [...Object.keys(options), "help"]).map((name) => `--${name}`);
}
