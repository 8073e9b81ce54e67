/**
 * What is completed, whatever the shell.
 *
 * @module
 */
import type { Command, Option } from "../command.ts";

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

/** Names of commands that are no scripts, with what they do. */
export const BUILT_IN: Readonly<Record<string, string>> = {
  help: "show the help of a command",
  completions: "print the completions of a shell",
};

/** The options of the program itself. */
export const GLOBAL: readonly string[] = ["-h", "--help", "-V", "--version"];

/** What can follow an option, or stand on its own. */
export type Follower = "nothing" | "anything" | "directory" | "file" | "values";

/** What can follow an option. */
export function followerOf({ placeholder, values }: Option): Follower {
  if (placeholder === undefined) return "nothing";
  if (values !== undefined) return "values";
  if (placeholder === "DIR") return "directory";
  return placeholder === "FILE" || placeholder === "PATH" ? "file" : "anything";
}

/** The names of all commands. */
export function commandNames({ commands }: Completed): string[] {
  return [...commands.map(({ name }) => name), ...Object.keys(BUILT_IN)];
}
