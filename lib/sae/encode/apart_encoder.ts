/**
 * The encoder of a thread: it encodes what the thread is handed.
 *
 * @module
 */
import { madeOnce, type Rows, rowsInMemory, sharedRows } from "../../files/rows.ts";
import { wholeRows } from "../feature_rows.ts";
import { prepareRows } from "../input.ts";
import type { Sae } from "../sae.ts";
import type { FeatureColumns } from "./columns.ts";
import { type EncodeApart, type EncodedApart, isShared } from "./encode_apart.ts";
import type { EncodeInput, Encoder } from "./encoder.ts";

/**
 * Encodes what is handed over. It keeps a copy of the last states that threads share, as they are once they have gone
 * through an SAE's steps: the next part of the SAE needs the same.
 */
export class ApartEncoder implements AsyncDisposable {
  readonly #encoder: Encoder;
  #last: { readonly name: string; readonly rows: Rows } | undefined;

  /** Encodes by an encoder, which is its own. */
  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  /**
   * Encodes.
   *
   * @throws {InputError} If the device fails.
   */
  async encode(
    { input, sae, rows, columns: rooms, ...states }: EncodeApart,
  ): Promise<EncodedApart> {
    const columns: FeatureColumns[] = [];
    let next = 0;
    const encoded = await this.#encoder.encode({
      ...input,
      ...this.#prepared(states, { ...sae, rows: wholeRows(rows, sae.width) }),
      ...rooms && {
        columns: (some) => void columns.push(some),
        columnBytes: Infinity,
        columnRoom: () => rooms[next++]!.values,
      },
    });
    return { encoded, columns };
  }

  /** States, and the SAE without the steps that they have gone through already. */
  #prepared(
    { hidden, hiddenName, stepsName }: Pick<EncodeApart, "hidden" | "hiddenName" | "stepsName">,
    sae: Sae,
  ): Pick<EncodeInput, "hidden" | "sae"> {
    const { width, input } = sae;
    if (!isShared(hidden)) {
      return { hidden: rowsInMemory(hidden as Float32Array<ArrayBuffer>, width), sae };
    }
    if (hiddenName === undefined) return { hidden: sharedRows(hidden, width), sae };
    const name = `${hiddenName} ${stepsName}`;
    if (this.#last?.name !== name) {
      this.#last = undefined; // its memory first
      const { shared: _, ...rows } = madeOnce(prepareRows(input, sharedRows(hidden, width)));
      this.#last = { name, rows };
    }
    return { hidden: this.#last.rows, sae: { ...sae, input: [] } };
  }

  /** Gives the encoder's memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#last = undefined;
    await this.#encoder[Symbol.asyncDispose]();
  }
}
