/**
 * The SAEs of a run, of which the next are read while the ones before are at work.
 *
 * @module
 */
import type { ReadingThreads } from "../reading/reading_threads.ts";
import { sampleStates } from "../sae/reconstruction.ts";
import type { PlannedSae, SaeParts } from "./plan/planned_sae.ts";
import type { States } from "./shared_states.ts";

/** Reads the SAEs of a run. */
export class SaesAhead {
  #saes: readonly PlannedSae[];
  #reading: ReadingThreads;
  #states: Promise<States>;
  #coming = new Map<PlannedSae, SaeParts>();

  /**
   * Reads nothing yet.
   *
   * @param saes Those that are computed, in their order.
   * @param reading Who reads; they stay the caller's.
   * @param states The hidden states, once they are there: AlignSAE's are held against some of them.
   */
  constructor(saes: readonly PlannedSae[], reading: ReadingThreads, states: Promise<States>) {
    this.#saes = saes;
    this.#reading = reading;
    this.#states = states;
  }

  /**
   * Reads an SAE, and begins to read the next ones that are computed: as many as there are threads that
   * read, and one at least. The states are to be there.
   */
  partsOf(planned: PlannedSae): SaeParts {
    const first = this.#saes.indexOf(planned);
    const parts = this.#read(planned, true);
    const ahead = this.#saes.slice(first + 1, first + 1 + this.#reading.ahead);
    for (const next of ahead) this.#coming.set(next, this.#read(next, false));
    this.#coming.delete(planned);
    return parts;
  }

  /**
   * Begins to read the SAEs that are encoded first, but for those that are tried before: as many as there are
   * threads that read, and one at least.
   */
  readFirst(): void {
    for (const first of this.#saes.slice(0, this.#reading.ahead)) {
      if (first.opened !== undefined || this.#coming.has(first)) continue;
      this.#coming.set(first, this.#read(first, true));
    }
  }

  #read(planned: PlannedSae, isAwaited: boolean): SaeParts {
    const coming = this.#coming.get(planned);
    if (coming !== undefined) return coming;
    const states = planned.opened
      ? []
      : this.#states.then((states) => sampleStates(states.at(planned.site)));
    const parts = planned.read({ threads: this.#reading, states, isAwaited });
    for (const part of [parts.loaded, parts.decoder]) part.catch(() => {}); // thrown when awaited
    return parts;
  }
}
