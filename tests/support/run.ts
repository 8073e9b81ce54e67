/** Runs commands in this process, with what they print caught. */
import type { Advice } from "../../lib/base/advice.ts";
import { withAdvice } from "../../lib/cli/advice.ts";
import type { Command } from "../../lib/cli/command.ts";
import { execute } from "../../lib/cli/execute.ts";
import { Terminal } from "../../lib/cli/terminal.ts";

/** What a command did. */
export interface Outcome {
  /** The exit code. */
  code: number;
  /** The lines on standard output. */
  out: string[];
  /** The lines on standard error. */
  err: string[];
}

/** A terminal whose lines are kept. */
export class CaughtTerminal extends Terminal {
  /** The lines on standard output. */
  out: string[] = [];
  /** The lines on standard error. */
  err: string[] = [];

  override print(text: string): void {
    this.out.push(...text.split("\n"));
  }
  override printLines(text: string): void {
    this.print(text);
  }
  override error(message: string): void {
    this.err.push(...`error: ${message}`.split("\n"));
  }
  override warn(message: string, advice?: Advice): void {
    this.err.push(...`warning: ${withAdvice(message, advice)}`.split("\n"));
  }
  override note(): void {}
  override phase(): void {}
  override progress(): void {}
}

/** Runs a command. */
export async function run(command: Command, args: readonly string[]): Promise<Outcome> {
  const terminal = new CaughtTerminal();
  const code = await execute(command, args, terminal);
  return { code, out: terminal.out, err: terminal.err };
}
