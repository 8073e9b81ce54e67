/** Damages bytes, the same way every time for the same number. */

/** Numbers that are the same every time for the same seed. Source: splitmix32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 up to but not including `end`. */
  below(end: number): number {
    this.#state = this.#state + 0x9e3779b9 | 0;
    let mixed = this.#state ^ this.#state >>> 16;
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return Math.floor((mixed >>> 0) / 2 ** 32 * end);
  }

  /** One of these. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Values at which lengths, offsets and counts go wrong. */
const ODD_NUMBERS = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0xffffn,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
]
  .concat([2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n]);

/** Pieces of the formats that are read. */
const PIECES = [
  ...['"', "{", "}", "[", "]", ",", ":", "null", "-1", "1e999", "0.5", '"__proto__":', "\\u0000"],
  ...["\n", "\r\n", "\0", "\xff\xfe", "\xed\xa0\x80", "\xef\xbb\xbf", "PK\x03\x04", "PK\x01\x02"],
  ...[
    "PK\x05\x06",
    "\x80\x02",
    "cos\nsystem\n",
    "R",
    ".",
    "q\x00",
    "h\x00",
    "(",
    "2\x86",
    "\x93NUMPY",
  ],
].map((piece) => Uint8Array.from(piece, (character) => character.charCodeAt(0)));

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const copy = bytes.slice();
    copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  function setByte(bytes, random) {
    const copy = bytes.slice();
    copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  function truncate(bytes, random) {
    return bytes.slice(0, place(bytes, random));
  },
  function loseStart(bytes, random) {
    return bytes.slice(place(bytes, random));
  },
  function lose(bytes, random) {
    const start = place(bytes, random);
    return splice(bytes, start, 1 + random.below(16), new Uint8Array(0));
  },
  function insertPiece(bytes, random) {
    return splice(bytes, place(bytes, random), 0, random.pick(PIECES));
  },
  function replaceByPiece(bytes, random) {
    const piece = random.pick(PIECES);
    return splice(bytes, place(bytes, random), piece.length, piece);
  },
  function repeatRange(bytes, random) {
    const start = place(bytes, random);
    const range = bytes.slice(start, start + 1 + random.below(200));
    return splice(bytes, place(bytes, random), 0, range);
  },
  function swapRange(bytes, random) {
    const start = place(bytes, random);
    const range = bytes.slice(start, start + 1 + random.below(16));
    return splice(bytes, place(bytes, random), range.length, range);
  },
  function setNumber(bytes, random) {
    const copy = bytes.slice();
    const width = random.pick([2, 4, 8]);
    const at = random.below(Math.max(1, copy.length - width));
    let value = random.pick(ODD_NUMBERS) + BigInt(random.below(3)) - 1n;
    for (let i = 0; i < width && at + i < copy.length; i++, value >>= 8n) {
      copy[at + i] = Number(value & 0xffn);
    }
    return copy;
  },
  function changeNumber(bytes, random) {
    // The lengths and offsets of small files are small numbers: by one or two, up or down.
    const copy = bytes.slice();
    copy[random.below(copy.length)]! += random.pick([-2, -1, 1, 2]);
    return copy;
  },
];

/** One to three damages. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let damaged = bytes;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    if (damaged.length > 0) damaged = random.pick(MUTATIONS)(damaged, random);
  }
  return damaged.slice();
}

/** A place in a file: anywhere, near an end, or at a border between two of its parts. */
function place(bytes: Uint8Array, random: Random): number {
  switch (random.below(4)) {
    case 0:
      return Math.min(random.below(64), bytes.length);
    case 1:
      return Math.max(0, bytes.length - random.below(80));
    case 2:
      return border(bytes, random);
    default:
      return random.below(bytes.length + 1);
  }
}

/** Before or behind the next byte that begins or ends something in one of the formats. */
function border(bytes: Uint8Array, random: Random): number {
  const mark = random.pick([0x50, 0x0a, 0x22, 0x2c, 0x7d, 0x28, 0x2e, 0x00]);
  const at = bytes.indexOf(mark, random.below(bytes.length));
  return at === -1 ? bytes.length : at + random.below(2);
}

function splice(bytes: Uint8Array, start: number, lost: number, piece: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, start + lost));
  const result = new Uint8Array(start + piece.length + rest.length);
  result.set(bytes.subarray(0, start));
  result.set(piece, start);
  result.set(rest, start + piece.length);
  return result;
}
