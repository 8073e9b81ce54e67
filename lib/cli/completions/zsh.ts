/**
 * Completions for zsh.
 *
 * @module
 */
import type { Option } from "../command.ts";
import { BUILT_IN, type Completed, followerOf, GLOBAL, SHELLS } from "./completed.ts";

/** The script for zsh. */
export function zsh(completed: Completed): string {
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

/** A word in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
