/**
 * What a thread is handed to encode some features of an SAE, and what it gives: data, and no function.
 *
 * @module
 */
import { freeNumbers } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import { ColumnPieces, type FeatureColumns } from "./columns.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";

/** Hidden states to encode, with the weights. */
export interface EncodeApart {
  /** The hidden states, `[questions, width]`: threads share them, or they are the thread's own. */
  readonly hidden: Float32Array;
  /** What they are told from others by, if they are shared: the same again are not copied again. */
  readonly hiddenName: string | undefined;
  /** What the steps that they go through first are told from those of other SAEs by. */
  readonly stepsName: string;
  /** How they are encoded. */
  readonly input: Omit<EncodeInput, "hidden" | "sae" | "columns" | "columnBytes" | "columnRoom">;
  /** The SAE but for its rows. */
  readonly sae: Omit<Sae, "rows">;
  /** Its rows, `[features, width]`, the thread's own. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** Room for the activations of all questions, if they are wanted, which comes back filled. */
  readonly columns?: readonly FeatureColumns[] | undefined;
}

/** What a thread gives. */
export interface EncodedApart {
  /** What encoding gave. */
  readonly encoded: Encoded;
  /** The activations of all questions, some features at a time, if they are wanted. */
  readonly columns: readonly FeatureColumns[];
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

/** Whether a thread can encode it: threads can share it, and its hidden states can be handed over. */
export function canBeEncodedApart({ hidden, sae }: Pick<EncodeInput, "hidden" | "sae">): boolean {
  const bytes = 4 * hidden.count * hidden.width;
  return canBeShared(sae) && (hidden.shared !== undefined || bytes <= MOST_COPIED);
}

/** Memory that threads share, and steps, numbered: what a thread is handed is another object each time. */
const numbers = new WeakMap<SharedArrayBuffer | Sae["input"], number>();
let nextNumber = 0;

/**
 * What a thread is to be handed. It becomes the owner of what is in {@linkcode ownOf}: states and rows are copies,
 * not views of what is more.
 */
export async function encodeApartOf(input: EncodeInput): Promise<EncodeApart> {
  const { hidden, sae, columns, columnBytes: _, columnRoom, ...how } = input;
  const { rows, ...others } = sae;
  const all = { first: 0, count: sae.featureCount };
  return {
    hidden: hidden.shared ?? hidden.read(0, hidden.count).slice(),
    hiddenName: hidden.shared && nameOf(hidden.shared),
    stepsName: sae.input.length === 0 ? "none" : `${numberOf(sae.input)}`,
    input: how,
    sae: withOwnNumbers(others),
    rows: (await rows.read(0, sae.featureCount)).slice(),
    columns: columns && new ColumnPieces(all, hidden.count, columnRoom).pieces,
  };
}

/** The memory of which a thread becomes the owner: all but the states that threads share. */
export function ownOf(
  { hidden, rows, columns = [] }: Pick<EncodeApart, "hidden" | "rows" | "columns">,
): ArrayBuffer[] {
  const own = [rows, ...columns.map(({ values }) => values)];
  if (!isShared(hidden)) own.push(hidden as Float32Array<ArrayBuffer>);
  return own.map(({ buffer }) => buffer);
}

function nameOf({ buffer, byteOffset, byteLength }: Float32Array<SharedArrayBuffer>): string {
  return `${numberOf(buffer)} ${byteOffset} ${byteLength}`;
}

function numberOf(some: SharedArrayBuffer | Sae["input"]): number {
  return numbers.getOrInsertComputed(some, () => nextNumber++);
}

/** The SAE with what it has one number a feature of copied: with a view, all features' would be handed over. */
function withOwnNumbers(sae: EncodeApart["sae"]): EncodeApart["sae"] {
  const { threshold, scale, offset } = sae.activation;
  return {
    ...sae,
    bias: ownPart(sae.bias),
    activation: {
      ...sae.activation,
      ...threshold instanceof Float32Array && { threshold: ownPart(threshold) },
      ...scale && { scale: ownPart(scale) },
      ...offset && { offset: ownPart(offset) },
    },
  };
}

/** The same numbers, alone in their memory. */
function ownPart<T extends ArrayBufferLike>(
  values: Float32Array<T>,
): Float32Array<T> | Float32Array<ArrayBuffer> {
  return values.byteLength === values.buffer.byteLength ? values : values.slice();
}

/** Gives back what a thread was handed and does not hand back, at once: JavaScript itself does it late. */
export function freeInput({ hidden, rows }: Pick<EncodeApart, "hidden" | "rows">): void {
  freeNumbers(rows);
  if (!isShared(hidden)) freeNumbers(hidden as Float32Array<ArrayBuffer>);
}

/** Whether threads share some states. */
export function isShared(values: Float32Array): values is Float32Array<SharedArrayBuffer> {
  return values.buffer instanceof SharedArrayBuffer;
}
