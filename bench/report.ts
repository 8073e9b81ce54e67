/**
 * The report of the benchmark, written anew after each part: what stops it in the middle costs what
 * was not measured yet.
 *
 * @module
 */
import { messageOf } from "../lib/base/errors.ts";
import { markdown, type Table } from "./table.ts";

/** A report in a directory, as bench.md and bench.json. */
export class Report {
  #directory: string;
  #facts: readonly string[];
  #tables: Map<string, readonly Table[]> = new Map();
  #failures: Map<string, string> = new Map();

  /** An empty report with the facts about the machine. */
  constructor(directory: string, facts: readonly string[]) {
    this.#directory = directory;
    this.#facts = facts;
  }

  /** The parts that failed. */
  get failed(): string[] {
    return [...this.#failures.keys()];
  }

  /** Puts the tables of a part in place of those that it has, and writes the report. */
  async put(part: string, tables: readonly Table[]): Promise<void> {
    this.#tables.set(part, tables);
    await this.#write();
  }

  /** Notes that a part failed, beside what tables it has, and writes the report. */
  async fail(part: string, error: unknown): Promise<void> {
    this.#failures.set(part, messageOf(error).trim());
    await this.#write();
  }

  /** The report as Markdown. */
  get text(): string {
    const facts = [`${this.#facts.join("; ")}.`];
    const failures = [...this.#failures].map(([part, why]) => `**Failed: ${part}.** ${why}`);
    return markdown("Benchmark", [...facts, ...failures], [...this.#tables.values()].flat());
  }

  async #write(): Promise<void> {
    const tables = [...this.#tables.values()].flat();
    const failures = Object.fromEntries(this.#failures);
    const json = JSON.stringify({ facts: this.#facts, failures, tables }, null, 2);
    await Deno.mkdir(this.#directory, { recursive: true });
    await Deno.writeTextFile(`${this.#directory}/bench.md`, this.text);
    await Deno.writeTextFile(`${this.#directory}/bench.json`, json);
  }
}
