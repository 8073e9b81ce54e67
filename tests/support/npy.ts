/** `.npy` files as NumPy writes them, in any order and precision. */

/** How an array lies. */
export interface NpyOptions {
  /** The type, by NumPy's name. Default: `<f4`. */
  descr?: string;
  /** Whether it is written column by column. Default: no. */
  isFortran?: boolean;
}

const BYTES: Readonly<Record<string, number>> = { f2: 2, f4: 4, f8: 8 };

/** A matrix, or an array of three axes, given rows first. */
export function npyFile(
  shape: readonly number[],
  values: ArrayLike<number>,
  { descr = "<f4", isFortran = false }: NpyOptions = {},
): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = isFortran ? "True" : "False";
  const dict = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const header = `${dict.padEnd(117)}\n`;
  const kind = descr.slice(1);
  const size = BYTES[kind]!;
  const bytes = new Uint8Array(128 + values.length * size);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  const view = new DataView(bytes.buffer, 128);
  const isLittle = !descr.startsWith(">");
  for (let i = 0; i < values.length; i++) {
    const at = size * (isFortran ? columnMajor(shape, i) : i);
    if (kind === "f8") view.setFloat64(at, values[i]!, isLittle);
    else if (kind === "f4") view.setFloat32(at, values[i]!, isLittle);
    else view.setFloat16(at, values[i]!, isLittle);
  }
  return bytes;
}

/** Where an element lies in columns that lies at `i` in rows. */
function columnMajor(shape: readonly number[], i: number): number {
  let [rest, stride, at] = [i, shape.reduce((a, b) => a * b, 1), 0];
  for (const size of shape.toReversed()) {
    stride /= size;
    at += (rest % size) * stride;
    rest = Math.floor(rest / size);
  }
  return at;
}
