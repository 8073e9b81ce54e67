/**
 * Completions for bash.
 *
 * @module
 */
import type { Command, Option } from "../command.ts";
import { commandNames, type Completed, followerOf, GLOBAL, SHELLS } from "./completed.ts";

/** The script for bash. It works with the bash 3.2 of macOS, and splits neither at `=` nor at hyphens. */
export function bash(completed: Completed): string {
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
