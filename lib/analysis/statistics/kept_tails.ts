/**
 * The p of the layers of a run, kept until q is found of all.
 *
 * @module
 */
import type { LayerName } from "../../results/layer_name.ts";
import type { KnownTails } from "../../results/selectivity_table.ts";
import type { LayerResult } from "../../results/layer_result.ts";

/** So much is kept, in bytes; what is more is read of its file: twelve layers of the usual size have 6 MiB. */
const MOST_BYTES = 32 * 2 ** 20;

/** Keeps the p of layers as long as they are few. */
export class KeptTails {
  readonly #tails = new Map<LayerName, Float64Array>();
  readonly #mostBytes: number;
  #bytes = 0;

  /**
   * Begins with none.
   *
   * @param mostBytes How much is kept. Default: 32 MiB.
   */
  constructor(mostBytes: number = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Those that are kept. */
  get known(): KnownTails {
    return this.#tails;
  }

  /** Keeps those of a layer, if it was measured and there is room. */
  keep({ record: { layer }, selectivity }: Pick<LayerResult, "record" | "selectivity">): void {
    if (selectivity === undefined) return;
    const { log10_p } = selectivity.measures;
    if (this.#bytes + log10_p.byteLength > this.#mostBytes) return;
    this.#bytes += log10_p.byteLength;
    this.#tails.set(layer, log10_p.slice()); // and not all measures, which may share one memory
  }
}
