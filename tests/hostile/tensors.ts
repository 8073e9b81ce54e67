/** Files of tensors that are made to hang their reader or to exhaust its memory. */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { opcodesOf, pickleOf, torchFile, torchTensor } from "../support/torch_file.ts";
import { concatenate, latin1, u16, u32, u64 } from "../tensors/bytes.ts";
import { zipFile } from "../tensors/zip_writer.ts";
import { type HostileFile, repeated, sparse } from "./writing.ts";

/** A safetensors file of a header that is a text again and again, and no data. */
function header(text: string, count: number, around: [string, string]): (path: string) => void {
  return (path) => {
    const length = text.length * count + around[0].length + around[1].length;
    repeated(path, text, count, ["\0\0\0\0\0\0\0\0" + around[0], around[1]]);
    using file = Deno.openSync(path, { write: true });
    file.writeSync(Uint8Array.from(u64(length)));
  };
}

/** For `readSafetensors`. */
export const SAFETENSORS: Omit<HostileFile, "reader">[] = [
  {
    what: "a header of 2^63 bytes in a file of 1 GB",
    write: (path) => sparse(path, 2 ** 30, Uint8Array.from(u64(2n ** 63n))),
    message: /its header claims 9223372036854775808 bytes/,
  },
  {
    what: "a header of 100 MB of lists, one in the other",
    isSlow: true,
    write: header("[", 99_000_000, ["", ""]),
    message: /its header is nested over 100 levels deep/,
  },
  {
    what: "a header of 30 million objects",
    isSlow: true,
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
    what: "sixty thousand tensors whose names look like integers, and a byte that is none's",
    isSlow: true,
    write: (path) => {
      const entry = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
      const entries = Array.from({ length: 60_000 }, (_, i) => `"${i * 65536}":${entry}`);
      header(`{${entries}}`, 1, ["", " "])(path);
      Deno.writeFileSync(path, Uint8Array.of(0), { append: true });
    },
    message: /its bytes 0 to 1 belong to no tensor/,
  },
  {
    what: "a hundred thousand tensors that are none",
    isSlow: true,
    write: (path) => {
      const entries = Array.from({ length: 240_000 }, (_, i) => `"${i}":{"dtype":7}`);
      header(`{${entries}}`, 1, ["", ""])(path);
    },
    message: /its header: 0: dtype: /,
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

const EMPTY = new Uint8Array(0);
const SAE = {
  model_state_dict: {
    "encoder.weight": torchTensor("0", [3, 2]),
    "encoder.bias": torchTensor("1", [3]),
  },
  args: { n_free: 2, n_relation: 1 },
};

/** For `openTorchCheckpoint`. */
export const ZIPS: Omit<HostileFile, "reader">[] = [
  {
    what: "a zip file of 60,000 entries",
    write: directoryOf(60_000, (i) => ({ name: `w/data/${i.toString(36)}`, offset: 0 })),
    message: /it has over 50000 entries/,
  },
  {
    what: "a zip file whose entries are all the same bytes",
    isSlow: true,
    write: directoryOf(40_000, (i) => ({ name: `w/data/${i}`, offset: 0 })),
    message: /the header of entry w\/data\/0 says something else than the directory/,
  },
];

/** For `loadSae`, too: names that look like integers, which V8 hashes by their lowest bits. */
const FLOOD: Omit<HostileFile, "reader"> = {
  what: "a zip file of 49,000 storages whose names look like integers, and no pickle",
  isSlow: true,
  write: (path) => {
    const storages = Array.from({ length: 49_000 }, (_, i) => [`${i * 65536}`, EMPTY]);
    const bytes = zipFile({
      entries: storages.map(([key, data]) => [`w/data/${key}`, data as Uint8Array]),
      zip64: true,
    });
    Deno.writeFileSync(path, bytes);
  },
  message: /it is a zip file without data\.pkl/,
};

/** For `loadSae`. */
export const SAES: Omit<HostileFile, "reader">[] = [
  FLOOD,
  {
    what: "a tensor of 1 GB that is one number",
    write: (path) => {
      const expanded = pickleOf(
        torchTensor("0", [1, 1]).opcodes.replace(
          /I0\n.*tR$/s,
          "I0\n(I268435\nI1000\nt(I0\nI0\ntI00\nNtR",
        ),
      );
      const content = {
        model_state_dict: {
          "encoder.weight": expanded,
          "encoder.bias": torchTensor("1", [268435]),
        },
        args: { n_relation: 6 },
      };
      Deno.writeFileSync(
        path,
        torchFile(content, { 0: new Float32Array(1), 1: new Float32Array(268435) }),
      );
    },
    message: /tensor encoder\.weight has 268435000 elements, which is more than is read/,
  },
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
    write: (path) => {
      const said = (key: string, shape: number[]) =>
        pickleOf(torchTensor(key, shape).opcodes.replace(/Vcpu\nI\d+/, `Vcpu\nI${2 ** 31}`));
      const state = {
        "encoder.weight": said("0", [3, 2]),
        "encoder.bias": said("1", [3]),
      };
      writeSparseSae(path, { ...SAE, model_state_dict: state }, 2 ** 33);
    },
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

/** For `readNpy`. */
export const NPYS: Omit<HostileFile, "reader">[] = [
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
