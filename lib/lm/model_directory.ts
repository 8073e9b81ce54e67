/**
 * Finds the directory that holds a language model's files, from what the user names: that directory,
 * or the root of a model in Hugging Face's cache.
 *
 * Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../base/errors.ts";
import { absent, isDirectoryThere, isFileThere, lookAt, unreadable } from "../files/look.ts";
import { readText } from "../files/read_text.ts";

/** The directory with a model's files. */
export interface ModelDirectory {
  /** Its path. */
  readonly path: string;
  /** What is to be said if it is not the one that was named. */
  readonly note?: string | undefined;
}

/** A commit's hash and a line end. */
const MAX_REF_BYTES = 1000;
/** How many snapshots are listed in a message. */
const MAX_LISTED = 5;

/**
 * Finds the directory that holds a model's files.
 *
 * @throws {InputError} If there is none of this name, or a cache holds no model or several.
 */
export async function findModelDirectory(named: string): Promise<ModelDirectory> {
  const found = await lookAt(named);
  if (found === undefined) {
    throw new InputError(absent(named), { advice: { kind: "name_path", setting: "lmModel" } });
  }
  if (found === "file") {
    throw new InputError(`${named} is no directory, expected a Hugging Face directory`);
  }
  if (await isFileThere(`${named}/config.json`)) return { path: named };
  if (await isDirectoryThere(`${named}/snapshots`)) return await followCache(named);
  await rejectCacheOfModels(named);
  return { path: named };
}

/** `models--org--name`: with one snapshot that, with several the one that refs/main names. */
async function followCache(root: string): Promise<ModelDirectory> {
  const snapshots = await directoriesIn(`${root}/snapshots`);
  const [only, ...others] = snapshots;
  if (only === undefined) {
    throw new InputError(
      `${root} is a model's cache without a snapshot: its download has not come to its end; ` +
        "download the model again",
    );
  }
  const main = await mainRevision(root);
  const chosen = others.length === 0 ? only : snapshots.find((name) => name === main);
  if (chosen === undefined) {
    const why = main === undefined ? "refs/main does not exist" : `refs/main names ${main}`;
    throw new InputError(
      `${root} is a model's cache with ${snapshots.length} snapshots, and ${why}; name one of them: ` +
        snapshots.slice(0, MAX_LISTED).map((name) => `${root}/snapshots/${name}`).join(", ") +
        (snapshots.length > MAX_LISTED ? ", …" : ""),
    );
  }
  const which = others.length === 0
    ? "its only snapshot"
    : `the one of its ${snapshots.length} snapshots that refs/main names`;
  return {
    path: `${root}/snapshots/${chosen}`,
    note: `${root} is a model's cache: ${which} is used, snapshots/${chosen}`,
  };
}

/** The revision that the branch main stood for when it was last fetched. */
async function mainRevision(root: string): Promise<string | undefined> {
  const path = `${root}/refs/main`;
  return await isFileThere(path) ? (await readText(path, MAX_REF_BYTES)).trim() : undefined;
}

/** Whoever names the whole cache has to say which model of it. */
async function rejectCacheOfModels(directory: string): Promise<void> {
  for (const place of [directory, `${directory}/hub`]) {
    if (place !== directory && !await isDirectoryThere(place)) continue;
    const models = (await directoriesIn(place)).filter((name) => name.startsWith("models--"));
    if (models.length === 0) continue;
    throw new InputError(
      `${directory} is a cache of ${models.length} ${models.length === 1 ? "model" : "models"}; ` +
        `name one of them: ${
          models.slice(0, MAX_LISTED).map((name) => `${place}/${name}`).join(", ")
        }${models.length > MAX_LISTED ? ", …" : ""}`,
    );
  }
}

/** The names of the directories in a directory, in order; links to directories count. */
async function directoriesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(directory)) {
      if (!isFile && !basename(name).startsWith(".")) names.push(name);
    }
  } catch (error) {
    throw unreadable(directory, error);
  }
  return names.sort();
}
