/**
 * What the shells need to know to complete command lines, written from the definitions of the
 * commands.
 *
 * @module
 */
import type { Command, Option } from "./command.ts";

/** The shells. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell. */
export type Shell = (typeof SHELLS)[number];

/** What is completed. */
export interface Completed {
  /** The name of the program. */
  readonly name: string;
  /** Its commands. */
  readonly commands: readonly Command[];
}

/** The script that a shell is to load. */
export function completionScript(shell: Shell, completed: Completed): string {
  return { bash, zsh, fish }[shell](completed);
}

/** Names of commands that are no scripts, with what they do. */
const BUILT_IN: Readonly<Record<string, string>> = {
  help: "show the help of a command",
  completions: "print the completions of a shell",
};

/** The options of the program itself. */
const GLOBAL = ["-h", "--help", "-V", "--version"];

/** What can follow an option, or stand on its own. */
type Follower = "nothing" | "anything" | "directory" | "file" | "values";

function followerOf({ placeholder, values }: Option): Follower {
  if (placeholder === undefined) return "nothing";
  if (values !== undefined) return "values";
  if (placeholder === "DIR") return "directory";
  return placeholder === "FILE" || placeholder === "PATH" ? "file" : "anything";
}

function commandNames({ commands }: Completed): string[] {
  return [...commands.map(({ name }) => name), ...Object.keys(BUILT_IN)];
}

/** Works with the bash 3.2 of macOS, and splits neither at `=` nor at hyphens. */
function bash(completed: Completed): string {
  const { name, commands } = completed;
  const cases = commands.flatMap((command) =>
    Object.entries(command.options).flatMap(([option, definition]) => {
      const action = bashAction(definition);
      return action === undefined ? [] : [`    "${command.name} ${option}") ${action} ;;`];
    })
  );
  const flags = commands.map((command) =>
    `        ${command.name}) words="${optionFlags(command).join(" ")}" ;;`
  );
  return `# The completions of ${name} for bash.
_${name}() {
  local IFS=$' \\t\\n' words= before=
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  # bash makes "--device=cpu" three words.
  if [ "$current" = "=" ]; then current=
  elif [ "$previous" = "=" ] && [ "$COMP_CWORD" -gt 2 ]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  local command=\${COMP_WORDS[1]//-/_} option=
  case "$previous" in --*) option=\${previous#--} option=\${option//-/_} ;; esac
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commandNames(completed), ...GLOBAL].join(" ")}" -- "$current"))
    return
  fi
  case "$command $option" in
${cases.join("\n")}
    *)
      case "$command" in
        help) words="${commandNames(completed).join(" ")}" ;;
        completions) words="${SHELLS.join(" ")}" ;;
${flags.join("\n")}
      esac ;;
  esac
  # Of a list, the last item is completed.
  case "$current" in *,*) before=\${current%,*}, current=\${current##*,} ;; esac
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "$current"))
}
complete -o filenames -F _${name} ${name}`;
}

function bashAction(option: Option): string | undefined {
  switch (followerOf(option)) {
    case "nothing":
      return undefined;
    case "values":
      return `words="${option.values!.join(" ")}"`;
    case "directory":
      return `IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current")); return`;
    case "file":
      return `IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); return`;
    case "anything":
      return "return";
  }
}

function optionFlags({ options }: Command): string[] {
  return [...Object.keys(options).map((name) => `--${name}`), "--help"];
}

function zsh(completed: Completed): string {
  const { name, commands } = completed;
  const described = [
    ...commands.map((command): [string, string] => [command.name, command.summary]),
    ...Object.entries(BUILT_IN),
  ].map(([word, about]) => `    ${quoted(`${word}:${about.replaceAll(":", "\\:")}`)}`);
  const cases = commands.map((command) => {
    const options = Object.entries(command.options).map(([option, definition]) =>
      `        ${quoted(zshOption(option, definition))} \\`
    );
    return [
      `    ${command.name})`,
      "      _arguments \\",
      ...options,
      "        '(-h --help)'{-h,--help}'[show this help]' ;;",
    ].join("\n");
  });
  return `#compdef ${name}
# The completions of ${name} for zsh.
_${name}() {
  local -a names
  names=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command names
    compadd -- ${GLOBAL.join(" ")}
    return
  fi
  shift words
  (( CURRENT-- ))
  case \${words[1]//-/_} in
    help) _describe -t commands command names ;;
    completions) compadd -- ${SHELLS.join(" ")} ;;
${cases.join("\n")}
  esac
}
if [ "\${funcstack[1]}" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi`;
}

function zshOption(name: string, option: Option): string {
  const about = option.about.replaceAll(/[[\]:\\]/g, "\\$&");
  const flag = `--${name}`;
  const { placeholder = "", values = [] } = option;
  switch (followerOf(option)) {
    case "nothing":
      return `${flag}[${about}]`;
    case "values":
      return placeholder === "LIST"
        ? `${flag}=[${about}]:${name}:_sequence compadd - ${values.join(" ")}`
        : `${flag}=[${about}]:${name}:(${values.join(" ")})`;
    case "directory":
      return `${flag}=[${about}]:directory:_files -/`;
    case "file":
      return `${flag}=[${about}]:file:_files`;
    case "anything":
      return `${flag}=[${about}]:${placeholder}: `;
  }
}

function fish(completed: Completed): string {
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
    lines.push(`complete -c ${name} ${nothingYet} -a ${word} -d ${quoted(about, "fish")}`);
  }
  const seen = (word: string) => `-n '__fish_seen_subcommand_from ${word}'`;
  lines.push(`complete -c ${name} ${seen("help")} -a '${commandNames(completed).join(" ")}'`);
  lines.push(`complete -c ${name} ${seen("completions")} -a '${SHELLS.join(" ")}'`);
  for (const command of commands) {
    for (const [option, definition] of Object.entries(command.options)) {
      const about = quoted(definition.about, "fish");
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

/** A word in single quotes; in fish a backslash escapes there, too. */
function quoted(text: string, shell: "zsh" | "fish" = "zsh"): string {
  if (shell === "zsh") return `'${text.replaceAll("'", "'\\''")}'`;
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
