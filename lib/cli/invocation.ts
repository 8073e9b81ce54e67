/**
 * How the user calls a command: as a task of the project, or as one of the program `coact`. Messages
 * that say what to type next have to say it in the user's own words.
 *
 * @module
 */

/** How the tasks of the project are called. */
export const TASK = "deno task";

let prefix: string = TASK;

/** Says that the commands are called by a program's name, as in `coact analyze`. */
export function callAs(program: string): void {
  prefix = program;
}

/** What comes before a command's name: `deno task`, or the name of the program. */
export function calledAs(): string {
  return prefix;
}

/** A command line for the user to type; arguments are quoted where a shell would split them. */
export function commandLine(command: string, ...args: readonly string[]): string {
  return [prefix, command, ...args.map(shellWord)].join(" ");
}

/** What a shell takes as it is: letters and numbers of any script, and what means nothing to it. */
const PLAIN = /^[\p{L}\p{N}_./:@%+=,-]+$/u;

/** An argument as it has to be typed. */
function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (Deno.build.os === "windows") return `"${text}"`;
  // What cannot be seen is written by its number: bash, zsh and ksh read that.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
    const visible = text.replaceAll(/['\\]/g, "\\$&").replaceAll(
      /[\p{C}\p{Zl}\p{Zp}]/gu,
      (letter) => `\\U${letter.codePointAt(0)!.toString(16).padStart(8, "0")}`,
    );
    return `$'${visible}'`;
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
