/**
 * Says what a file is that is not what was expected of it: the text that Git LFS leaves in a file's
 * place, a web page that was saved under a model's name, a download that has not ended.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import type { ByteSource } from "./byte_source.ts";
import { isFile } from "./look.ts";

/** What a file was to be. */
export type ExpectedContent = "zip" | "safetensors" | "json" | "text";

/** How much of a file's beginning is looked at, in bytes. */
const START_BYTES = 1024;

/** How files begin that are often found in another's place. */
const SIGNATURES: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["a gzip archive", [0x1f, 0x8b]],
  ["a Zstandard archive", [0x28, 0xb5, 0x2f, 0xfd]],
  ["an xz archive", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46]],
  ["a GGUF file", [0x47, 0x47, 0x55, 0x46]],
  ["a NumPy array (.npy)", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
];

/**
 * Looks at the beginning of a file, and beside it, for a reason why it cannot be what is expected.
 *
 * @returns What it is and what to do, as the end of a sentence that begins with the file's name,
 * such as `is a Git LFS pointer, …`; undefined if nothing speaks against it.
 * @throws {InputError} If it cannot be read.
 */
export async function findUnexpectedContent(
  source: ByteSource,
  expected: ExpectedContent,
): Promise<string | undefined> {
  const start = await source.read(0, Math.min(START_BYTES, source.byteLength));
  return describeUnexpected(start, source.byteLength, expected);
}

/**
 * The same for bytes that have been read.
 *
 * @param start The first bytes, 1024 or so.
 * @param byteLength The length of the whole file, in bytes.
 */
export function describeUnexpected(
  start: Uint8Array,
  byteLength: number,
  expected: ExpectedContent,
): string | undefined {
  if (byteLength === 0) return "is empty: it was perhaps not written or downloaded to its end";
  const text = new TextDecoder().decode(start.subarray(0, START_BYTES)).trimStart();
  if (/^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\//.test(text)) {
    return "is a Git LFS pointer, a short text in place of the file: fetch the file itself with " +
      "`git lfs pull`, or download it";
  }
  if (/^(<!--[^]*?-->\s*)?<(!doctype\s+html|html|head|body)\b/i.test(text)) {
    return "is a web page (HTML) that was saved in place of the file: download the file itself " +
      "(on Hugging Face, its address has /resolve/ where the page's has /blob/)";
  }
  if (/^<\?xml\b|^<Error>/.test(text)) {
    return "is an XML text, such as a server's refusal, in place of the file: download it again";
  }
  if (start.length > 0 && start.every((byte) => byte === 0)) {
    return "begins with nothing but zeros: it was perhaps not downloaded to its end";
  }
  const kind = isSafetensors(start, byteLength) ? "a safetensors file" : kindOf(start);
  if (kind === undefined) return expectsBinary(expected) ? plainText(text, start) : undefined;
  const fits = { zip: "a zip archive", safetensors: "a safetensors file", json: "", text: "" };
  return kind === fits[expected] ? undefined : `is ${kind}, expected ${EXPECTED[expected]}`;
}

const EXPECTED: Readonly<Record<ExpectedContent, string>> = {
  zip: "what torch.save writes",
  safetensors: "a safetensors file",
  json: "JSON",
  text: "a text",
};

function expectsBinary(expected: ExpectedContent): boolean {
  return expected === "zip" || expected === "safetensors";
}

/** A safetensors file begins with the length of its header, 8 bytes, and then that, in JSON. */
function isSafetensors(start: Uint8Array, byteLength: number): boolean {
  if (start.length < 9 || start[8] !== 0x7b) return false;
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  return length <= BigInt(byteLength) && length < 2n ** 32n;
}

function kindOf(start: Uint8Array): string | undefined {
  return SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte))?.[0];
}

/** What a text is that stands where numbers were expected; undefined if it is no text. */
function plainText(text: string, start: Uint8Array): string | undefined {
  const isText = start.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) &&
    !text.slice(0, -1).includes("\ufffd");
  if (!isText) return undefined;
  const beginning = JSON.stringify(text.slice(0, 40).trim());
  return `is a text that begins with ${beginning}, where a file of tensors was expected`;
}

/** Under which names downloads that have not ended are kept beside the file that they will be. */
const UNFINISHED_ENDINGS = [
  ".incomplete",
  ".part",
  ".partial",
  ".crdownload",
  ".download",
  ".aria2",
];

/** How many names of a directory are looked at. */
const MAX_NAMES = 10_000;

/**
 * Looks for what a download of a file has left that did not come to its end: `sae_best.pt.incomplete`
 * beside it, or where Hugging Face's tools keep such files.
 *
 * @param path Where the file is, or would be.
 * @returns The path of the unfinished download, undefined if there is none to be seen.
 */
export async function findUnfinishedDownload(path: string): Promise<string | undefined> {
  for (const ending of UNFINISHED_ENDINGS) {
    if (await isFile(`${path}${ending}`)) return `${path}${ending}`;
  }
  const directory = dirname(path);
  const target = await linkTarget(path);
  const places = [
    // with local_dir: NAME.HASH.incomplete
    [`${directory}/.cache/huggingface/download`, basename(path)],
    // in the cache: snapshots/REVISION/NAME is a link to ../../blobs/HASH
    ...(target === undefined ? [] : [[dirname(target), basename(target)]]),
  ] as const;
  for (const [place, name] of places) {
    const found = await findIncomplete(place!, name!);
    if (found !== undefined) return found;
  }
}

/** What is to be done about it, to be put behind a message. */
export function unfinishedAdvice(download: string): string {
  return `; ${download} is a download that has not come to its end: finish it, or remove it`;
}

async function findIncomplete(directory: string, name: string): Promise<string | undefined> {
  let seen = 0;
  try {
    for await (const entry of Deno.readDir(directory)) {
      if (++seen > MAX_NAMES) return undefined;
      if (entry.name.startsWith(`${name}.`) && entry.name.endsWith(".incomplete")) {
        return `${directory}/${entry.name}`;
      }
    }
  } catch {
    return undefined; // as nearly everywhere, there is no such directory
  }
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    const target = await Deno.readLink(path);
    return target.startsWith("/") ? target : `${dirname(path)}/${target}`;
  } catch {
    return undefined; // it is no link
  }
}
