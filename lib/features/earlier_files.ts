/**
 * Keeps features from being written over what is there.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { hashFile } from "../files/hash_file.ts";
import { readJson } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { encodeRecordSchema } from "./encode_record.ts";

/** All files that encoding may write. */
const NAMES = ["features.npy", "features.npz", "reconstruction.npy", "encode.json"] as const;

/**
 * Makes sure that nothing is in the way of new features.
 *
 * @returns Files of earlier features, which would not belong to the new ones: what is not written
 * over may be removed afterwards. Files that are not as they were written are not among them.
 * @throws {InputError} If a file is there and may not be written over.
 */
export async function freeTheWay(
  directory: string,
  { force = false }: { force?: boolean | undefined },
): Promise<string[]> {
  const found: string[] = [];
  for (const name of NAMES) {
    const path = `${directory}/${name}`;
    if (!await isFileThere(path)) continue;
    if (!force) {
      throw new InputError(`${path} is there already`, { advice: { kind: "overwrite" } });
    }
    found.push(name);
  }
  if (!found.includes("encode.json")) return [];
  return await ofRecord(directory, found);
}

/** Those of the files that an earlier run wrote, and nobody has changed since. */
async function ofRecord(directory: string, names: readonly string[]): Promise<string[]> {
  try {
    const { files } = await readJson(encodeRecordSchema, `${directory}/encode.json`);
    const own: string[] = [];
    for (const name of names) {
      const sha256 = Object.hasOwn(files, name) ? files[name]!.sha256 : undefined;
      if (sha256 !== undefined && await hashFile(`${directory}/${name}`) === sha256) own.push(name);
    }
    return own;
  } catch (error) {
    if (error instanceof InputError) return []; // it is another's encode.json
    throw error;
  }
}
