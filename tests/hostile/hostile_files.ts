/** Files that are made to hang their reader or to exhaust its memory, one by one. */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { REFERENCE } from "../support/fixtures.ts";
import { opcodesOf, pickleOf, torchFile, torchTensor } from "../support/torch_file.ts";
import { concatenate, latin1, u16, u32, u64 } from "../tensors/bytes.ts";
import { zipFile } from "../tensors/zip_writer.ts";

/** A file, and what its reader is to say. */
export interface HostileFile {
  /** The name of the reader in `reader_process.ts`. */
  readonly reader: string;
  /** What is hostile. */
  readonly what: string;
  /** The file's name, where that matters. */
  readonly file?: string;
  /** Writes it. */
  readonly write: (path: string) => void | Promise<void>;
  /** What its reader is to say. */
  readonly message: RegExp;
}

const MIB = 2 ** 20;

/** A file of a beginning and then zeros without end, which take no place on the disk. */
function sparse(path: string, length: number, start: Uint8Array = new Uint8Array(0)): void {
  Deno.writeFileSync(path, start);
  Deno.truncateSync(path, length);
}

/** A file of one text again and again, between two others. */
function repeated(path: string, text: string, count: number, [before, after] = ["", ""]): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const write = (part: string) => {
    const bytes = new TextEncoder().encode(part);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  };
  write(before);
  const perWrite = Math.max(1, Math.floor(MIB / text.length));
  for (let done = 0; done < count; done += perWrite) {
    write(text.repeat(Math.min(perWrite, count - done)));
  }
  write(after);
}

const QUESTIONS: Omit<HostileFile, "reader">[] = [
  {
    what: "one line of 1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 67108864/,
  },
  {
    what: "one line of 60 MB",
    write: (path) => repeated(path, "a", 60e6),
    message: /:1: the line is longer than 1048576 bytes/,
  },
  {
    what: "64 MiB of line ends",
    write: (path) => repeated(path, "\n", 64 * MIB),
    message: /has over 1000000 lines/,
  },
  {
    what: "a million relations",
    write: (path) =>
      Deno.writeTextFileSync(
        path,
        Array.from({ length: 1e6 }, (_, i) => `{"rule_idx":${i},"question":"A?"}\n`).join(""),
      ),
    message: /:1001: rule_idx: /,
  },
  {
    what: "a million lists, one in the other",
    write: (path) => repeated(path, "[", MIB),
    message: /:1 is nested over 100 levels deep/,
  },
  {
    what: "a field whose name is a million characters",
    write: (path) => repeated(path, "x", 500_000, ['{"', '":1,"' + "x".repeat(500_000) + '":2}']),
    message: /:1 has two fields x/,
  },
];

const CONFIGS: Omit<HostileFile, "reader">[] = [
  {
    what: "1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 1048576/,
  },
  {
    what: "a million lists, one in the other",
    write: (path) => repeated(path, "[", MIB),
    message: /is nested over 100 levels deep/,
  },
  {
    what: "a model_type of a million spaces",
    write: (path) => repeated(path, " ", MIB - 100, ['{"model_type":"', '"}']),
    message: /describes a .*expected model_type gpt2/,
  },
];

const TOKENIZER = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));

function tokenizer(changes: object): (path: string) => void {
  return (path) => Deno.writeTextFileSync(path, JSON.stringify({ ...TOKENIZER, ...changes }));
}

/** Backtracks for ever on any text of some length that ends otherwise. */
const EVIL_PATTERN = String.raw`(?:[\s\S]|[^\n]|\S)*\u0001`;

const TOKENIZERS: Omit<HostileFile, "reader" | "file">[] = [
  {
    what: "1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 33554432/,
  },
  {
    what: "32 million lists, one in the other",
    write: (path) => repeated(path, "[", 32 * MIB),
    message: /is nested over 100 levels deep/,
  },
  {
    what: "10 million objects",
    write: (path) => repeated(path, "{},", 10 * MIB, ["[", "0]"]),
    message: /holds over 1000000 values/,
  },
  {
    what: "half a million objects of different shapes",
    write: (path) =>
      Deno.writeTextFileSync(
        path,
        `[${Array.from({ length: 330_000 }, (_, i) => `{"k${i}":0}`)}]`,
      ),
    message: /expected object, received array/,
  },
  {
    what: "a regular expression that backtracks without end",
    write: tokenizer({
      pre_tokenizer: { type: "Split", pattern: { Regex: EVIL_PATTERN }, behavior: "Isolated" },
    }),
    message: /pre_tokenizer\.pattern\.Regex: this regular expression is not known/,
  },
  {
    what: "the same to normalize by",
    write: tokenizer({
      normalizer: { type: "Replace", pattern: { Regex: EVIL_PATTERN }, content: "" },
    }),
    message: /normalizer\.type: /,
  },
  {
    what: "pieces of a length of 0",
    write: tokenizer({ pre_tokenizer: { type: "FixedLength", length: 0 } }),
    message: /pre_tokenizer\.type: /,
  },
  {
    what: "half a million token ids that are none",
    write: tokenizer({
      model: {
        ...TOKENIZER.model,
        vocab: Object.fromEntries(Array.from({ length: 490_000 }, (_, i) => [`t${i}`, "x"])),
      },
    }),
    message: /model\.vocab: the id of t0 is no number/,
  },
  {
    what: "half a million merges that are none",
    write: tokenizer({ model: { ...TOKENIZER.model, merges: Array(900_000).fill(7) } }),
    message: /model\.merges\.0 is no pair of tokens/,
  },
  {
    what: "added tokens of 30 MB",
    write: tokenizer({
      added_tokens: Array.from({ length: 30 }, (_, i) => ({
        id: i,
        content: String.fromCharCode(97 + i).repeat(MIB),
      })),
    }),
    message: /added_tokens have over 200000 characters/,
  },
];

/** A safetensors file of a header that is a text again and again, and no data. */
function header(text: string, count: number, around: [string, string]): (path: string) => void {
  return (path) => {
    const length = text.length * count + around[0].length + around[1].length;
    repeated(path, text, count, ["\0\0\0\0\0\0\0\0" + around[0], around[1]]);
    using file = Deno.openSync(path, { write: true });
    file.writeSync(u64(length));
  };
}

const SAFETENSORS: Omit<HostileFile, "reader">[] = [
  {
    what: "a header of 2^63 bytes in a file of 1 GB",
    write: (path) => sparse(path, 2 ** 30, u64(2n ** 63n)),
    message: /its header claims 9223372036854775808 bytes/,
  },
  {
    what: "a header of 100 MB of lists, one in the other",
    write: header("[", 99_000_000, ["", ""]),
    message: /its header is nested over 100 levels deep/,
  },
  {
    what: "a header of 30 million objects",
    write: header("{},", 30e6, ["[", "0]"]),
    message: /its header holds over 1000000 values/,
  },
  {
    what: "a tensor that is there a hundred thousand times",
    write: header(',"w":{"dtype":"U8","shape":[],"data_offsets":[0,0]}', 1e5, ['{"v":0', "}"]),
    message: /its header has two fields w/,
  },
  {
    what: "a tensor of a million axes that are none",
    write: header('"x",', 490_000, [
      '{"w":{"dtype":"U8","data_offsets":[0,1],"shape":[',
      '"x"]}}',
    ]),
    message: /tensor w has 490001 axes/,
  },
  {
    what: "a hundred thousand tensors that are none",
    write: (path) => {
      const entries = Array.from({ length: 240_000 }, (_, i) => `"${i}":{"dtype":7}`);
      header(`{${entries}}`, 1, ["", ""])(path);
    },
    message: /its header: 0: dtype: /,
  },
];

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
const PAIRS = `](${"]K\x01aK\x02a".repeat(200_000)}eq\x00`;

const PICKLES: Omit<HostileFile, "reader">[] = [
  {
    what: "a pickle of 16 million dicts",
    write: pickleOfMany("}"),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle of 8 million lists, one in the other",
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
    write: pickleOfMany("("),
    message: /the stack is empty/,
  },
  {
    what: "a pickle that has one text encoded a million times",
    write: pickleOfMany(
      "h\x01h\x00h\x02\x86R0",
      "c_codecs\nencode\nq\x01" + LONG_TEXT + "Vlatin1\nq\x02",
    ),
    message: /it holds over 2000000 values/,
  },
  {
    what: "a pickle that makes a million dicts of one list",
    write: pickleOfMany("h\x01h\x00\x85R0", "ccollections\nOrderedDict\nq\x01" + PAIRS),
    message: /of over 1000 numbers/,
  },
  {
    what: "a pickle that makes a million sets of one list",
    write: pickleOfMany("h\x01h\x00\x85R0", "cbuiltins\nset\nq\x01" + LONG_LIST),
    message: /of over 1000 numbers/,
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
    write: pickleOfMany("h\x00h\x00\x93", LONG_TEXT),
    message: /it refers to a{200}/,
  },
  {
    // V8 hashes a BigInt by its lowest 64 bits, which are the same for all of these.
    what: "a pickle of a million keys that meet in one place of a hash table",
    write: (path) => {
      const keys = Array.from(
        { length: 900_000 },
        (_, i) =>
          `\x8a\x0b${"\x80".repeat(8)}${String.fromCharCode(i & 255, i >> 8 & 255, i >> 16)}N`,
      );
      pickle(`}(${keys.join("")}u.`)(path);
    },
    message: /over 20000 keys of its dicts and sets are numbers/,
  },
  {
    what: "a pickle of 16,000 numbers of 1,000 bytes",
    write: pickleOfMany("\x8b\xf0\x03\x00\x00" + "\x7f".repeat(1008) + "0"),
    message: /the stack is empty/,
  },
  {
    what: "a pickle of one number of 16 million digits",
    write: (path) => pickle(`L${"1".repeat(16e6)}L\n.`)(path),
    message: /an integer is malformed/,
  },
  {
    what: "a pickle of one line of 16 million characters that has no end",
    write: (path) => pickle(`V${"\\u00e9".repeat(2_700_000)}`)(path),
    message: /it ends too early/,
  },
  {
    what: "a pickle of one line of 2 million characters, and nothing after it",
    write: (path) => pickle(`V${"\\u00e9".repeat(2_700_000)}\n`)(path),
    message: /it ends too early/,
  },
];

/** A zip file of nothing but a directory of so many entries. */
function directoryOf(count: number, entry: (i: number) => { name: string; offset: number }) {
  return (path: string) => {
    const local = concatenate(latin1("PK\x03\x04"), new Uint8Array(26));
    const entries = Array.from({ length: count }, (_, i) => {
      const { name, offset } = entry(i);
      return concatenate(
        latin1("PK\x01\x02"),
        new Uint8Array(12),
        ...[u32(crc32(new Uint8Array(0))), u32(0), u32(0)],
        ...[u16(name.length), new Uint8Array(12), u32(offset), latin1(name)],
      );
    });
    const directory = latin1(Buffer.concat(entries).toString("latin1"));
    const end = concatenate(
      latin1("PK\x06\x06"),
      ...[
        u64(44),
        u32(0),
        u64(0),
        u64(count),
        u64(count),
        u64(directory.length),
        u64(local.length),
      ],
      ...[latin1("PK\x06\x07"), u32(0), u64(local.length + directory.length), u32(1)],
      ...[latin1("PK\x05\x06"), new Uint8Array(4), new Uint8Array(8).fill(255)],
      ...[u32(0xffffffff), u16(0)],
    );
    Deno.writeFileSync(path, concatenate(local, directory, end));
  };
}

const SAE = {
  model_state_dict: {
    "encoder.weight": torchTensor("0", [3, 2]),
    "encoder.bias": torchTensor("1", [3]),
  },
  args: { n_free: 2, n_relation: 1 },
};

const ZIPS: Omit<HostileFile, "reader">[] = [
  {
    what: "a zip file of 200,000 entries",
    write: directoryOf(200_000, (i) => ({ name: `w/data/${i.toString(36)}`, offset: 0 })),
    message: /it has over 50000 entries/,
  },
  {
    what: "a zip file whose entries are all the same bytes",
    write: directoryOf(40_000, (i) => ({ name: `w/data/${i}`, offset: 0 })),
    message: /overlaps/,
  },
];

const SAES: Omit<HostileFile, "reader">[] = [
  {
    what: "2^40 slots without a byte",
    write: (path) => {
      const tensors = {
        "encoder.weight": torchTensor("0", [2 ** 40, 2]),
        "encoder.bias": torchTensor("1", [2 ** 40]),
      };
      const args = { n_free: 1, n_relation: 2 ** 40 - 1 };
      const content = { ...SAE, model_state_dict: tensors, args };
      Deno.writeFileSync(
        path,
        torchFile(content, { 0: new Float32Array(6), 1: new Float32Array(3) }),
      );
    },
    message: /1099511627775 relation slots, expected at most 1000/,
  },
  {
    what: "a tensor of 8 GB of zeros that take no place",
    write: (path) => {
      const elements = 2 ** 31;
      const state = {
        "encoder.weight": torchTensor("0", [elements / 2, 2]),
        "encoder.bias": torchTensor("1", [elements / 2]),
      };
      writeSparseSae(path, { model_state_dict: state, args: { n_relation: 1 } }, 4 * elements);
    },
    message: /tensor encoder\.weight has 2147483648 elements, which is more than is read/,
  },
  {
    what: "a small tensor in a storage of 8 GB",
    write: (path) => writeSparseSae(path, SAE, 2 ** 33),
    message: /tensor encoder\.weight has 6 elements, which is more than is read/,
  },
];

/** A checkpoint whose storages `0` and `1` are holes in the file of so many bytes each. */
function writeSparseSae(path: string, content: Record<string, unknown>, length: number): void {
  const small = torchFile(pickleOf(`${opcodesOf(content)}.`), {});
  const pickleEnd = small.findLastIndex((_, i) => small[i] === 0x2e && small[i + 1] === 0x50) + 1;
  const body = small.slice(0, pickleEnd);
  const pickleStart = 30 + "archive/data.pkl".length;
  const local = (name: string) =>
    concatenate(latin1("PK\x03\x04"), new Uint8Array(22), u16(name.length), u16(0), latin1(name));
  const entry = (name: string, size: number, offset: number, checksum: number) =>
    concatenate(
      ...[latin1("PK\x01\x02"), new Uint8Array(12), u32(checksum), u32(0xffffffff)],
      ...[u32(0xffffffff), u16(name.length), u16(28), new Uint8Array(10), u32(0xffffffff)],
      ...[latin1(name), u16(1), u16(24), u64(size), u64(size), u64(offset)],
    );
  const [first, second] = [body.length, body.length + 30 + 14 + length];
  const directory = concatenate(
    entry("archive/data.pkl", pickleEnd - pickleStart, 0, crc32(body.subarray(pickleStart))),
    entry("archive/data/0", length, first, 0),
    entry("archive/data/1", length, second, 0),
  );
  const start = second + 30 + 14 + length;
  using file = Deno.openSync(path, { write: true, create: true });
  const put = (bytes: Uint8Array, at: number) => {
    file.seekSync(at, Deno.SeekMode.Start);
    file.writeSync(bytes);
  };
  put(body, 0);
  put(local("archive/data/0"), first);
  put(local("archive/data/1"), second);
  put(directory, start);
  put(
    concatenate(
      ...[latin1("PK\x06\x06"), u64(44), u32(0), u64(0), u64(3), u64(3)],
      ...[u64(directory.length), u64(start)],
      ...[latin1("PK\x06\x07"), u32(0), u64(start + directory.length), u32(1)],
      ...[latin1("PK\x05\x06"), new Uint8Array(4), new Uint8Array(12).fill(255), u16(0)],
    ),
    start + directory.length,
  );
}

const NPYS: Omit<HostileFile, "reader">[] = [
  {
    what: "a header of 4 GB",
    write: (path) =>
      sparse(path, 2 ** 33, concatenate(latin1("\x93NUMPY\x02\x00"), u32(0xffffffff))),
    message: /its header has 4294967295 bytes/,
  },
  {
    what: "elements of 8 GB where 24 bytes are expected",
    write: (path) => {
      const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
      sparse(
        path,
        2 ** 33,
        concatenate(latin1("\x93NUMPY\x01\x00"), u16(text.length), latin1(text)),
      );
    },
    message: /is too long/,
  },
  {
    what: "a header that is a shape of 60,000 digits",
    write: (path) => {
      const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${
        "1,".repeat(30_000)
      }), }\n`;
      Deno.writeFileSync(
        path,
        concatenate(latin1("\x93NUMPY\x01\x00"), u16(text.length), latin1(text)),
      );
    },
    message: /its header is not what NumPy writes/,
  },
];

const RECORDS: Omit<HostileFile, "reader" | "file">[] = [
  {
    what: "half a million relations that are none",
    write: (path) => repeated(path, "7,", 500_000, ['{"relations":[', "7]}"]),
    message: /analysis\.json: /,
  },
];

/** All of them. */
export const CASES: readonly HostileFile[] = [
  ...QUESTIONS.map((each) => ({ ...each, reader: "questions" })),
  ...CONFIGS.map((each) => ({ ...each, reader: "config" })),
  ...TOKENIZERS.map((each) => ({ ...each, reader: "tokenizer", file: "tokenizer.json" })),
  ...SAFETENSORS.map((each) => ({ ...each, reader: "safetensors" })),
  ...PICKLES.map((each) => ({ ...each, reader: "torch" })),
  ...ZIPS.map((each) => ({ ...each, reader: "torch" })),
  ...SAES.map((each) => ({ ...each, reader: "sae" })),
  ...NPYS.map((each) => ({ ...each, reader: "npy" })),
  ...RECORDS.map((each) => ({ ...each, reader: "record", file: "layer06_analysis.json" })),
];
