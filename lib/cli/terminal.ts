/**
 * The terminal: results on standard output, everything else on standard error.
 *
 * @module
 */
import type { Advice } from "../base/advice.ts";
import { InputError } from "../base/errors.ts";
import { reasonOf } from "../files/write_reason.ts";
import type { Observer } from "../base/observer.ts";
import { visibleText } from "../base/visible_text.ts";
import { withAdvice } from "./advice.ts";

/** How often progress is shown, in milliseconds: on a terminal, and in a log. */
const REFRESH = { terminal: 100, log: 10_000 } as const;
/** The width of the bar, in characters. */
const BAR_WIDTH = { least: 8, most: 24 } as const;

interface Phase {
  name: string;
  total: number | undefined;
  unit: string;
  started: number;
  done: number;
  shown: number;
}

/** Prints, and shows the progress of long phases: a bar on a terminal, plain lines elsewhere. */
export class Terminal implements Observer {
  #isTerminal = Deno.stderr.isTerminal();
  #phase: Phase | undefined;
  #barIsOpen = false;
  #complete = new Map<string, Set<string>>();
  #unprinted: unknown;

  /** How many characters a line has. */
  get width(): number {
    try {
      return Math.min(100, Deno.consoleSize().columns);
    } catch {
      return 100; // no terminal
    }
  }

  /** Prints a line of a result. */
  print(line: string): void {
    this.#print(visibleText(line));
  }

  /** Prints lines that hold nothing from files: a help, a script. */
  printLines(text: string): void {
    this.#print(visibleText(text, { keepsLines: true }));
  }

  /**
   * What could not be printed is no reason to give up what is being made, but is told at the end.
   *
   * @throws {InputError} If a result could not be printed, as into a file on a full disk.
   */
  checkPrinted(): void {
    if (this.#unprinted === undefined) return;
    throw new InputError(`standard output cannot be written to: ${reasonOf(this.#unprinted)}`);
  }

  #print(text: string): void {
    this.endLine();
    try {
      console.log(text);
    } catch (error) {
      this.#unprinted ??= error;
    }
  }

  /** Prints what went wrong. */
  error(message: string): void {
    this.#log(`error: ${message}`);
  }

  /** Prints what went wrong with coact itself, and where. */
  defect(error: unknown): void {
    const stack = error instanceof Error ? error.stack?.split("\n") ?? [] : [];
    const places = stack.filter((line) => /^ +at /.test(line));
    this.#log(`error: this is a defect in coact: ${error}`, ...places);
  }

  /** See {@linkcode Observer}. */
  note(message: string, advice?: Advice): void {
    this.#log(withAdvice(message, advice));
  }

  /** See {@linkcode Observer}. */
  warn(message: string, advice?: Advice): void {
    this.#log(`warning: ${withAdvice(message, advice)}`);
  }

  /** See {@linkcode Observer}. */
  done(directory: string, part: string, included: readonly string[] = []): void {
    const parts = this.#complete.getOrInsert(directory, new Set());
    for (const smaller of included) parts.delete(smaller);
    parts.add(part);
  }

  /** What is complete on disk: `results: layer 0, layer 1`, an entry for each directory. */
  get complete(): string[] {
    const { compare } = new Intl.Collator("en", { numeric: true });
    return [...this.#complete].map(([directory, parts]) =>
      `${directory}: ${[...parts].sort(compare).join(", ")}`
    );
  }

  /** See {@linkcode Observer}. */
  phase(name: string, total?: number, unit: string = "steps"): void {
    this.endLine();
    const now = performance.now();
    const own = total === 1 ? unit.replace(/s$/, "") : unit;
    this.#phase = { name, total, unit: own, started: now, done: 0, shown: now };
    if (total !== undefined && !this.#isTerminal) this.#log(`${name}: ${total} ${own}`);
  }

  /** See {@linkcode Observer}. */
  progress(done: number): void {
    const phase = this.#phase;
    if (phase?.total === undefined) return;
    phase.done = done;
    const now = performance.now();
    const isLast = done >= phase.total;
    const refresh = this.#isTerminal ? REFRESH.terminal : REFRESH.log;
    if (!isLast && (done === 0 || now - phase.shown < refresh)) return;
    phase.shown = now;
    const line = isLast ? finished(phase, now) : underWay(phase, now);
    if (!this.#isTerminal) return this.#log(line);
    const bar = isLast ? "" : barOf(done / phase.total, this.width - 2 - line.length);
    // A line that wraps could not be replaced by the next one.
    write(`\r\x1b[2K${(bar + line).slice(0, this.width - 1)}`);
    this.#barIsOpen = true;
  }

  /** Ends the line with the bar, if there is one. */
  endLine(): void {
    if (this.#barIsOpen) write("\n");
    this.#barIsOpen = false;
  }

  #log(...lines: readonly string[]): void {
    this.endLine();
    try {
      console.error(lines.map((line) => visibleText(line)).join("\n"));
    } catch {
      // as in `write`
    }
  }
}

function underWay({ name, total, unit, started, done }: Phase, now: number): string {
  const seconds = (now - started) / 1000;
  const left = seconds * (total! - done) / done;
  return `${name}: ${done} of ${total} ${unit}, ${rate(done, seconds)} a second, ` +
    `${duration(left)} left`;
}

function finished({ name, total, unit, started }: Phase, now: number): string {
  const seconds = (now - started) / 1000;
  return `${name}: ${total} ${unit} in ${duration(seconds)} (${rate(total!, seconds)} a second)`;
}

function rate(count: number, seconds: number): string {
  const perSecond = count / Math.max(seconds, 1e-3);
  return perSecond >= 99.5 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

/** A duration in words that fit its size: `4.2 s`, `3 min 12 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(60, Math.floor(seconds));
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A bar and a space after it, or nothing if there is not enough room for it to tell anything. */
function barOf(fraction: number, room: number): string {
  const width = Math.min(BAR_WIDTH.most, room);
  if (width < BAR_WIDTH.least) return "";
  const filled = Math.round(fraction * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} `;
}

/**
 * Writes to standard error. A log that cannot be written, as on a full disk or where its reader has
 * gone, is no reason to give up what is being computed.
 */
function write(text: string): void {
  try {
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(Deno.stderr.writeSync(bytes));
  } catch {
    // nobody is there to be told
  }
}
