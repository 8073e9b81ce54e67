/**
 * Completions for fish.
 *
 * @module
 */
import type { Option } from "../command.ts";
import { BUILT_IN, commandNames, type Completed, followerOf, SHELLS } from "./completed.ts";

/** The script for fish. */
export function fish(completed: Completed): string {
  const { name, commands } = completed;
  const nothingYet = "-n __fish_use_subcommand";
  const lines = [
    `# The completions of ${name} for fish.`,
    `complete -c ${name} -f`,
    `complete -c ${name} -s h -l help -d 'show this help'`,
    `complete -c ${name} ${nothingYet} -s V -l version -d 'show the versions'`,
  ];
  const summaries = Object.fromEntries(commands.map((command) => [command.name, command.summary]));
  for (const [word, about] of Object.entries({ ...summaries, ...BUILT_IN })) {
    lines.push(`complete -c ${name} ${nothingYet} -a ${word} -d ${quoted(about)}`);
  }
  const seen = (word: string) => `-n '__fish_seen_subcommand_from ${word}'`;
  lines.push(`complete -c ${name} ${seen("help")} -a '${commandNames(completed).join(" ")}'`);
  lines.push(`complete -c ${name} ${seen("completions")} -a '${SHELLS.join(" ")}'`);
  for (const command of commands) {
    for (const [option, definition] of Object.entries(command.options)) {
      const about = quoted(definition.about);
      const takes = fishArguments(definition);
      lines.push(`complete -c ${name} ${seen(command.name)} -l ${option}${takes} -d ${about}`);
    }
  }
  return lines.join("\n");
}

function fishArguments(option: Option): string {
  const { placeholder, values = [] } = option;
  switch (followerOf(option)) {
    case "nothing":
      return "";
    case "values":
      return placeholder === "LIST"
        ? ` -x -a '(__fish_append , ${values.join(" ")})'`
        : ` -x -a '${values.join(" ")}'`;
    case "directory":
      return " -x -a '(__fish_complete_directories)'";
    case "file":
      return " -r -F";
    case "anything":
      return " -x";
  }
}

/** A word in single quotes, in which a backslash escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
