/**
 * What a script is for its user: a name, options, help. Each script is one command, and the same
 * definition makes its help, its checks and its place in the single binary.
 *
 * @module
 */
import type { Schema } from "../files/json.ts";
import type { Terminal } from "./terminal.ts";

/** An option. */
export interface Option<T = unknown> {
  /** What stands for the value in the help, `DIR`; missing if the option takes none. */
  readonly placeholder?: string;
  /** What it is for. */
  readonly about: string;
  /** All values that there are, where they can be listed; a `LIST` takes several of them. */
  readonly values?: readonly string[];
  /** Whether it may be given several times; its schema then gets a list of texts. */
  readonly repeats?: boolean;
  /** Whether it names a directory that the command writes to. */
  readonly isWritten?: boolean;
  /** The value if it is not given, as it would be typed; undefined for none. */
  readonly default?: string | undefined;
  /** Turns the text into the value, or says what is wrong with it. */
  readonly schema: Schema<T>;
}

/** Options by name, in the guide's spelling: `samples_per_relation`. */
export type Options = Readonly<Record<string, Option>>;

/** The values of options. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** A command, ready to be run. */
export interface Command {
  /** Its name, that of the script and of the task. */
  readonly name: string;
  /** What it makes, in one line. */
  readonly summary: string;
  /** More about it, for the help. */
  readonly about?: string | undefined;
  /** Its options. */
  readonly options: Options;
  /** Command lines that work, for the help. */
  readonly examples: readonly string[];
  /** Runs it with checked values. */
  readonly run: (values: never, terminal: Terminal) => Promise<void>;
}

/** Defines a command; the values that `run` gets have the types of the options' schemas. */
export function defineCommand<O extends Options>(
  definition: Omit<Command, "options" | "run"> & {
    options: O;
    run: (values: Values<O>, terminal: Terminal) => Promise<void>;
  },
): Command {
  return definition;
}
