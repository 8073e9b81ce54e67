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

/** A command line for the user to type, of the command's name and its arguments. */
export function commandLine(commandAndArguments: string): string {
  return `${prefix} ${commandAndArguments}`;
}
