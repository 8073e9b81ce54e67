/** Pickles that are made to hang their reader or to exhaust its memory. */
import { concatenate, latin1 } from "../tensors/bytes.ts";
import { zipFile } from "../tensors/zip_writer.ts";
import { type HostileFile, MIB } from "./writing.ts";

/** A checkpoint of one pickle. */
function pickle(bytes: string | Uint8Array): (path: string) => void {
  return (path) => {
    const data = typeof bytes === "string" ? latin1(bytes) : bytes;
    Deno.writeFileSync(path, zipFile({ entries: [["w/data.pkl", data]] }));
  };
}

/** Nearly the longest pickle that is read: one beginning, and then the same again and again. */
function pickleOfMany(part: string, start = ""): (path: string) => void {
  const count = Math.floor((16 * MIB - start.length - 1) / part.length);
  return (path) =>
    pickle(concatenate(latin1(start), ...[latin1(part.repeat(count))], [0x2e]))(path);
}

/** 4 MB of text, a list of 400,000 and a list of 200,000 pairs, each kept in the memo. */
const LONG_TEXT = `X\x00\x00\x40\x00${"a".repeat(4 * MIB)}q\x00`;
const LONG_LIST = `](${"K\x01".repeat(400_000)}eq\x00`;
const PAIRS = `](${
  Array.from({ length: 200_000 }, (_, i) => {
    const [low, middle, high] = [i & 255, i >> 8 & 255, i >> 16].map((b) => String.fromCharCode(b));
    return `]J${low}${middle}${high}\0aK\x02a`;
  }).join("")
}eq\x00`;

/** The opcodes that put items into a dict, a thousand at a time as Python does. */
function batches(items: string[]): string {
  const parts: string[] = [];
  for (let at = 0; at < items.length; at += 1000) {
    parts.push(`(${items.slice(at, at + 1000).join("")}u`);
  }
  return parts.join("");
}

/** For `openTorchCheckpoint`. */
export const PICKLES: Omit<HostileFile, "reader">[] = [
  {
    what: "a pickle of 16 million dicts",
    isSlow: true,
    write: pickleOfMany("}"),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle of 8 million lists, one in the other",
    isSlow: true,
    write: pickleOfMany("]", ""),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that keeps 8 million values in its memo",
    write: pickleOfMany("\x94", "N"),
    message: /a memo is malformed/,
  },
  {
    what: "a pickle whose memo has an index of 2^32 - 1",
    write: pickle("Nr\xff\xff\xff\xff."),
    message: /a memo is malformed/,
  },
  {
    what: "a pickle of 16 million marks",
    isSlow: true,
    write: pickleOfMany("("),
    message: /the stack is empty/,
  },
  {
    what: "a pickle that has one text encoded a million times",
    isSlow: true,
    write: pickleOfMany(
      "h\x01h\x00h\x02\x86R0",
      "c_codecs\nencode\nq\x01" + LONG_TEXT + "Vlatin1\nq\x02",
    ),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that makes a million dicts of one list",
    isSlow: true,
    write: pickleOfMany("h\x01h\x00\x85R0", "ccollections\nOrderedDict\nq\x01" + PAIRS),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that makes a million sets of one list",
    write: pickleOfMany("h\x01h\x00\x85R0", "cbuiltins\nset\nq\x01" + LONG_LIST),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that makes a million tensors of one shape of 400,000 axes",
    write: pickleOfMany(
      "h\x01(h\x02K\x00h\x00h\x00tR0",
      "ctorch._utils\n_rebuild_tensor_v2\nq\x01" + LONG_LIST +
        "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI1\ntQq\x02",
    ),
    message: /a tensor is malformed/,
  },
  {
    what: "a pickle that looks up one long name a million times",
    isSlow: true,
    write: pickleOfMany("h\x00h\x00\x93", LONG_TEXT),
    message: /it holds over 2000000 values/,
  },
  {
    // V8 hashes a BigInt by its lowest 64 bits, which are the same for all of these.
    what: "a pickle of a million keys that meet in one place of a hash table",
    isSlow: true,
    write: (path) => {
      const keys = Array.from(
        { length: 1_050_000 },
        (_, i) =>
          `\x8a\x0b${"\x80".repeat(8)}${String.fromCharCode(i & 255, i >> 8 & 255, i >> 16)}N`,
      );
      pickle(`}${batches(keys)}.`)(path);
    },
    message: /it holds over 2000000 values/,
  },
  {
    // V8 hashes a text that looks like an integer by its lowest bits.
    what: "a pickle of a million texts that look like integers",
    isSlow: true,
    write: (path) => {
      const keys = Array.from({ length: 1_050_000 }, (_, i) => `V${i * 4096}\nN`);
      pickle(`}${batches(keys)}.`)(path);
    },
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that has one long text as the key of a million dicts",
    write: pickleOfMany("}h\x00Ns0", LONG_TEXT),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that calls opaque names a million times",
    isSlow: true,
    write: pickleOfMany("cx\ny\nh\x00\x85R", LONG_LIST),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle of 16,000 numbers of 1,000 bytes",
    write: pickleOfMany("\x8b\xf0\x03\x00\x00" + "\x7f".repeat(1008) + "0"),
    message: /the stack is empty/,
  },
  {
    what: "a pickle of one number of 16 million digits",
    isSlow: true,
    write: (path) => pickle(`L${"1".repeat(16e6)}L\n`)(path),
    message: /it ends too early/,
  },
  {
    what: "a pickle of 16 MB of halves of surrogate pairs, and nothing after them",
    isSlow: true,
    write: (path) => pickle(`X\x00\x90\xe4\x00${"a\xed\xa0\x80".repeat(3_744_768)}`)(path),
    message: /it ends too early/,
  },
  {
    what: "a pickle of one line of 16 million characters that has no end",
    write: (path) => pickle(`V${"\\u00e9".repeat(2_700_000)}`)(path),
    message: /it ends too early/,
  },
  {
    what: "a pickle of one line of 2 million characters, and nothing after it",
    isSlow: true,
    write: (path) => pickle(`V${"\\u00e9".repeat(2_700_000)}\n`)(path),
    message: /it ends too early/,
  },
];
