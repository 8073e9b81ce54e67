/**
 * What the shells need to know to complete command lines, written from the definitions of the
 * commands.
 *
 * @module
 */
import { bash } from "./completions/bash.ts";
import type { Completed, Shell } from "./completions/completed.ts";
import { fish } from "./completions/fish.ts";
import { zsh } from "./completions/zsh.ts";

/** The script that a shell is to load. */
export function completionScript(shell: Shell, completed: Completed): string {
  return { bash, zsh, fish }[shell](completed);
}
