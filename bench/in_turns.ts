/**
 * coact without pictures and the other programs, in turns, so that a machine that is busy for a while is so for
 * all of them.
 *
 * @module
 */
import { type Job, runNumbersOnly } from "./job.ts";
import { type FoundPython, type NumbersRun, peersOf, runPeer } from "./pytorch.ts";
import { seconds } from "./table.ts";

/** What is run. */
export interface InTurnsOptions {
  /** The job. */
  readonly job: Job;
  /** Where coact computes. */
  readonly device: "cpu" | "gpu";
  /** The arguments of the other programs. */
  readonly args: readonly string[];
  /** A Python with PyTorch, or undefined for no comparison. */
  readonly python: FoundPython | undefined;
  /** A directory for what the runs write. */
  readonly scratch: string;
  /** The seconds that a process may take. Default: no limit. */
  readonly limit?: number;
  /** Told what is going on. */
  readonly log: (line: string) => void;
  /** Told what failed, and why; the rest goes on without it. */
  readonly failed: (what: string, error: unknown) => Promise<void>;
}

/** Runs all programs again and again. */
export class InTurns {
  /** What was measured, by the names of the systems: coact first. */
  readonly systems: Map<string, NumbersRun[]> = new Map();
  readonly #options: InTurnsOptions;
  readonly #runs: Map<string, () => Promise<NumbersRun>> = new Map();

  /** Nothing is run yet. */
  constructor(options: InTurnsOptions) {
    const { job, device, args, python, scratch, limit } = options;
    this.#options = options;
    this.#runs.set(
      `coact, --device ${device}`,
      () => runNumbersOnly(job, `${scratch}/numbers`, device, { limit }),
    );
    for (const peer of python === undefined ? [] : peersOf(python)) {
      this.#runs.set(peer.name, () => runPeer(peer, args, limit));
    }
    for (const name of this.#runs.keys()) this.systems.set(name, []);
  }

  /** What was measured of coact. */
  get coact(): readonly NumbersRun[] {
    return this.systems.values().next().value!;
  }

  /**
   * Runs each program once. One that fails is left out from then on.
   *
   * @param isMeasured Whether it counts: the first round fills caches.
   * @throws {Error} If coact fails.
   */
  async round(isMeasured: boolean): Promise<void> {
    const { log, failed } = this.#options;
    for (const [name, run] of this.#runs) {
      try {
        const measured = await run();
        const said = Object.entries(measured.phases).map(([phase, s]) => `${phase} ${seconds(s)}`);
        log(`${name}: ${seconds(measured.seconds)} (${said.join(", ")})`);
        if (isMeasured) this.systems.get(name)!.push(measured);
      } catch (error) {
        if (name === this.#runs.keys().next().value) throw error;
        this.#runs.delete(name);
        await failed(name, error);
      }
    }
  }
}
