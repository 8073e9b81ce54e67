/**
 * How a long computation tells what it is doing, without knowing who listens.
 *
 * @module
 */
import type { Advice } from "./advice.ts";

/** Someone who listens; each method is called in order and must not fail. */
export interface Observer {
  /** A phase begins. `total` is how many steps it has, if that is known, and `unit` what they are: `layers`. */
  phase(name: string, total?: number, unit?: string): void;
  /** So many steps of the phase are done. */
  progress(done: number): void;
  /**
   * Something the user should know, in one line, and what could be done about it; the computation
   * goes on.
   */
  note(message: string, advice?: Advice): void;
  /** Something that may be wrong, and what could be done about it; the computation goes on. */
  warn(message: string, advice?: Advice): void;
  /**
   * A part of the results in a directory is complete, and stays if the process ends now. `included`
   * are smaller parts, of which it was said before.
   */
  done(directory: string, part: string, included?: readonly string[]): void;
}

/** Nobody. */
export const SILENT: Observer = { phase() {}, progress() {}, note() {}, warn() {}, done() {} };

/** An observer that also measures how long each phase takes. */
export class PhaseClock implements Observer {
  #observer: Observer;
  #current: string | undefined;
  #since = 0;
  #seconds = new Map<string, number>();

  /**
   * Measures, and passes everything on.
   *
   * @param observer Who listens.
   */
  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** Ends the phase before and begins this one. One that comes again goes on where it was. */
  phase(name: string, total?: number, unit?: string): void {
    this.stop();
    this.#current = name;
    this.#since = performance.now();
    this.#observer.phase(name, total, unit);
  }

  /** See {@linkcode Observer}. */
  progress(done: number): void {
    this.#observer.progress(done);
  }

  /** See {@linkcode Observer}. */
  note(message: string, advice?: Advice): void {
    this.#observer.note(message, advice);
  }

  /** See {@linkcode Observer}. */
  warn(message: string, advice?: Advice): void {
    this.#observer.warn(message, advice);
  }

  /** See {@linkcode Observer}. */
  done(directory: string, part: string, included?: readonly string[]): void {
    this.#observer.done(directory, part, included);
  }

  /** Ends the current phase, if there is one. */
  stop(): void {
    if (this.#current === undefined) return;
    const before = this.#seconds.get(this.#current) ?? 0;
    this.#seconds.set(this.#current, before + (performance.now() - this.#since) / 1000);
    this.#current = undefined;
  }

  /** How long each phase took so far, in seconds, in the order in which they began. */
  get seconds(): Record<string, number> {
    return Object.fromEntries([...this.#seconds].map(([name, s]) => [name, Number(s.toFixed(3))]));
  }
}
