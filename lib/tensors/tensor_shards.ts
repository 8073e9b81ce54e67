/**
 * Weights that are divided into several files, with an index that says which file holds which
 * tensor.
 *
 * Source: https://huggingface.co/docs/transformers/big_models#sharded-checkpoints
 *
 * @module
 */
import { dirname } from "node:path";
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { parseJson, type Schema } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { readTextFrom } from "../files/read_text.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { findUnfinishedDownload, unfinishedAdvice } from "../files/unexpected_content.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { openTensorFile } from "./open_tensor_file.ts";
import { type TensorFile, tensorNamed } from "./tensor_file.ts";

/** The longest index that is read, in bytes: some hundred thousand tensors. */
const MAX_INDEX_BYTES = 16 * 2 ** 20;
/** How many shards there may be. The largest public models have some two hundred. */
const MAX_SHARDS = 2000;

/** What of an index is read: the file of each tensor. */
const indexSchema: Schema<{ weight_map: Record<string, string> }> = z.object({
  weight_map: z.record(
    z.string(),
    // A neighbour of the index: a name in a file is not to lead anywhere else.
    z.string().regex(/^[^/\\\p{Cc}]{1,250}\.(?:safetensors|bin)$/u, "expected the name of a shard"),
  ),
});

/**
 * Opens the shards that an index names; no tensor is read.
 *
 * @param path The index, such as `model.safetensors.index.json`.
 * @throws {InputError} If the index or a shard is missing or damaged, or they contradict each other.
 */
export async function openTensorShards(path: string): Promise<TensorFile> {
  const index = await SteadyFile.see(path);
  const shardOf = await readIndex(index);
  const names = [...new UntrustedMap([...shardOf.values()].map((name) => [name, true])).keys()]
    .sort();
  if (names.length > MAX_SHARDS) {
    throw new InputError(`${path} names ${names.length} shards, expected at most ${MAX_SHARDS}`);
  }
  await checkAllThere(path, names);
  const shards = new UntrustedMap<TensorFile>();
  for (const name of names) shards.set(name, await openTensorFile(pathOf(path, name)));
  checkAgreement(path, shardOf, shards);
  const holders = new UntrustedMap<TensorFile>();
  for (const [tensor, name] of shardOf) holders.set(tensor, shards.get(name)!);
  return joined(index, [...shards.values()], holders);
}

async function readIndex(index: SteadyFile): Promise<UntrustedMap<string>> {
  const { path } = index;
  using source = await index.open();
  const text = await readTextFrom(source, MAX_INDEX_BYTES);
  const { weight_map } = parseJson(indexSchema, text, path);
  const shardOf = new UntrustedMap(Object.entries(weight_map));
  if (shardOf.size === 0) throw new InputError(`${path} names no shard`);
  return shardOf;
}

/** All at once, so that whoever fetches what is missing need not come back for each. */
async function checkAllThere(path: string, names: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    if (!await isFileThere(pathOf(path, name))) missing.push(name);
  }
  if (missing.length === 0) return;
  const [first, ...others] = missing;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const unfinished = await findUnfinishedDownload(pathOf(path, first!));
  throw new InputError(
    `${pathOf(path, first!)}${more} of the ${names.length} shards that ${path} names ` +
      `${others.length === 0 ? "does" : "do"} not exist` +
      (unfinished === undefined ? "; download the model again" : unfinishedAdvice(unfinished)),
  );
}

/** An index and its shards list the same tensors, each in the same place. */
function checkAgreement(
  path: string,
  shardOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, TensorFile>,
): void {
  for (const [name, shard] of shards) {
    for (const tensor of shard.tensors.keys()) {
      const listed = shardOf.get(tensor);
      if (listed === name) continue;
      throw new InputError(
        `${shard.path} holds tensor ${tensor}, but ${path} ` +
          (listed === undefined ? "does not list it" : `says that it is in ${listed}`),
      );
    }
  }
  for (const [tensor, name] of shardOf) {
    const { path: shardPath, tensors, unreadable } = shards.get(name)!;
    if (tensors.has(tensor) || unreadable.has(tensor)) continue;
    throw new InputError(`${shardPath} does not hold tensor ${tensor}, but ${path} says so`);
  }
}

function joined(
  index: SteadyFile,
  shards: readonly TensorFile[],
  holders: ReadonlyMap<string, TensorFile>,
): TensorFile {
  const file: TensorFile = {
    path: index.path,
    files: [index, ...shards.flatMap(({ files }) => files)],
    tensors: new UntrustedMap(shards.flatMap(({ tensors }) => [...tensors])),
    unreadable: new UntrustedMap(shards.flatMap(({ unreadable }) => [...unreadable])),
    values: new UntrustedMap(),
    part: () => undefined,
    readNumbers: async (name) => await holderOf(name).readNumbers(name),
    read: async (name, rows, columns) => await holderOf(name).read(name, rows, columns),
    pieces: (name) => holderOf(name).pieces(name),
    place: (name) => holderOf(name).place(name),
    async verify(names) {
      const asked = Map.groupBy(names, holderOf);
      for (const [shard, names] of asked) await shard.verify(names);
    },
  };
  function holderOf(name: string): TensorFile {
    tensorNamed(file, name);
    return holders.get(name)!;
  }
  return file;
}

function pathOf(index: string, shard: string): string {
  return `${dirname(index)}/${shard}`;
}
