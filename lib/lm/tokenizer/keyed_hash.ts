/**
 * A hash that no file can foresee.
 *
 * Source: HalfSipHash-1-3, https://eprint.iacr.org/2012/351
 *
 * @module
 */

/** The key of the hash, drawn once a process. */
const [K0, K1] = crypto.getRandomValues(new Int32Array(2)) as unknown as [number, number];

/**
 * HalfSipHash-1-3 of bytes. `untrusted_keys.ts` has the same rounds for texts: shared, the four words
 * of state would have to leave the registers in the innermost loop of loading a vocabulary.
 */
export function keyedHash(bytes: Uint8Array, start: number, end: number): number {
  let v0 = K0, v1 = K1, v2 = K0 ^ 0x6c796765, v3 = K1 ^ 0x74656462;
  const last = (end - start) >> 2;
  // Each word, the last with what remains and the length, and three rounds that mix them all.
  for (let i = 0; i < last + 4; i++) {
    const at = start + 4 * i;
    let word = 0;
    if (i < last) {
      word = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    } else if (i === last) {
      word = (end - start) << 24;
      for (let j = at; j < end; j++) word |= bytes[j]! << 8 * (j - at);
    } else if (i === last + 1) {
      v2 ^= 0xff;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v2 = (v2 + v3) | 0;
    v1 = (v1 << 5 | v1 >>> 27) ^ v0;
    v3 = (v3 << 8 | v3 >>> 24) ^ v2;
    v0 = v0 << 16 | v0 >>> 16;
    v2 = (v2 + v1) | 0;
    v0 = (v0 + v3) | 0;
    v1 = (v1 << 13 | v1 >>> 19) ^ v2;
    v3 = (v3 << 7 | v3 >>> 25) ^ v0;
    v2 = v2 << 16 | v2 >>> 16;
    v0 ^= word;
  }
  return v1 ^ v3;
}
