/**
 * The encoder of a thread: it encodes what the thread is handed.
 *
 * @module
 */
import { copiedOnce, type Rows, rowsInMemory, sharedRows } from "../../files/rows.ts";
import { wholeRows } from "../feature_rows.ts";
import type { FeatureColumns } from "./columns.ts";
import { type EncodeApart, type EncodedApart, isShared } from "./encode_apart.ts";
import type { Encoder } from "./encoder.ts";

/** Encodes what is handed over. It keeps a copy of the last states that threads share. */
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
      hidden: this.#rowsOf(states, sae.width),
      sae: { ...sae, rows: wholeRows(rows, sae.width) },
      ...rooms && {
        columns: (some) => void columns.push(some),
        columnBytes: Infinity,
        columnRoom: () => rooms[next++]!.values,
      },
    });
    return { encoded, columns };
  }

  #rowsOf(
    { hidden, hiddenName: name }: Pick<EncodeApart, "hidden" | "hiddenName">,
    width: number,
  ): Rows {
    if (!isShared(hidden)) return rowsInMemory(hidden as Float32Array<ArrayBuffer>, width);
    if (name === undefined) return sharedRows(hidden, width);
    if (this.#last?.name !== name) {
      this.#last = undefined; // its memory first
      const { shared: _, ...rows } = copiedOnce(sharedRows(hidden, width));
      this.#last = { name, rows };
    }
    return this.#last.rows;
  }

  /** Gives the encoder's memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#last = undefined;
    await this.#encoder[Symbol.asyncDispose]();
  }
}
