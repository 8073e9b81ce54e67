/**
 * What a thread is handed to encode some features of an SAE, and what it gives: data, and no function.
 *
 * @module
 */
import { rowsInMemory, sharedRows } from "../../files/rows.ts";
import { wholeRows } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";

/** Hidden states to encode, with the weights. */
export interface EncodeApart {
  /** The hidden states, `[questions, width]`. */
  readonly hidden: Float32Array;
  /** How they are encoded. */
  readonly input: Omit<EncodeInput, "hidden" | "sae" | "columns" | "columnBytes" | "columnRoom">;
  /** The SAE but for its rows. */
  readonly sae: Omit<Sae, "rows">;
  /** Its rows, `[features, width]`, the thread's own. */
  readonly rows: Float32Array<ArrayBuffer>;
}

/** How many bytes of hidden states are copied to be handed over; those that threads share are not. */
const MOST_COPIED = 16 * 2 ** 20;

/**
 * Whether threads can share the encoding by an SAE: one product of an encoder that is in memory, and no choice
 * among all features, which top-k is.
 */
export function canBeShared({ rows, glu, pursuit, activation: { threshold } }: Sae): boolean {
  const isChoice = typeof threshold === "object" && "k" in threshold;
  const isInMemory = rows.release === undefined && rows.readColumns === undefined;
  return glu === undefined && pursuit === undefined && !isChoice && isInMemory;
}

/** Whether a thread can encode it: threads can share it, and no activations are handed over on the way. */
export function canBeEncodedApart({ hidden, sae, columns }: EncodeInput): boolean {
  const bytes = 4 * hidden.count * hidden.width;
  return columns === undefined && canBeShared(sae) &&
    (hidden.shared !== undefined || bytes <= MOST_COPIED);
}

/** What a thread is to be handed: the rows are a copy. */
export async function encodeApartOf(input: EncodeInput): Promise<EncodeApart> {
  const { hidden, sae, columns: _, columnBytes: __, columnRoom: ___, ...how } = input;
  const { rows, ...others } = sae;
  return {
    hidden: hidden.shared ?? hidden.read(0, hidden.count),
    input: how,
    sae: others,
    rows: (await rows.read(0, sae.featureCount)).slice(),
  };
}

/** Encodes what was handed over. */
export async function encodeApart(
  encoder: Encoder,
  { hidden: values, input, sae, rows }: EncodeApart,
): Promise<Encoded> {
  const { width } = sae;
  const hidden = isShared(values)
    ? sharedRows(values, width)
    : rowsInMemory(values as Float32Array<ArrayBuffer>, width);
  return await encoder.encode({ ...input, hidden, sae: { ...sae, rows: wholeRows(rows, width) } });
}

function isShared(values: Float32Array): values is Float32Array<SharedArrayBuffer> {
  return values.buffer instanceof SharedArrayBuffer;
}
