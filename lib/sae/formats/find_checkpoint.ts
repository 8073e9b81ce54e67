/**
 * Finds the AlignSAE checkpoint of a layer.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { isFileThere, namesIn } from "../../files/look.ts";
import { findUnfinishedDownload, unfinishedAdvice } from "../../files/unexpected_content.ts";

/** The names of a layer's checkpoint, in the order in which they are looked for. */
export const CHECKPOINT_NAMES = [
  "sae_best.pt",
  "sae_final.pt",
  "traditional_sae_final.pt",
] as const;

/** Whether a directory holds AlignSAE's checkpoints, or downloads of them that are not finished. */
export async function hasCheckpoints(saeDirectory: string): Promise<boolean> {
  for (const name of await namesIn(saeDirectory)) {
    if (!/^layer\d{1,3}$/.test(name)) continue;
    const within = await namesIn(`${saeDirectory}/${name}`).catch(() => []);
    if (within.some((file) => CHECKPOINT_NAMES.some((known) => file.startsWith(known)))) {
      return true;
    }
  }
  return false;
}

/**
 * Looks for the checkpoint of a layer. Only where nothing is of a name is the next one looked for.
 *
 * @returns The file, or the paths tried if there is none.
 * @throws {InputError} If one of the names is something else than a file, such as a link that leads
 * nowhere, cannot be looked at, or is being downloaded: the next one would be another SAE.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findCheckpoint } from "@coact/coact";
 *
 * assert.deepEqual(await findCheckpoint("demo/sae", 6), { path: "demo/sae/layer6/sae_best.pt" });
 * assert("tried" in await findCheckpoint("demo/sae", 12));
 * ```
 */
export async function findCheckpoint(
  saeDirectory: string,
  layer: number,
): Promise<{ path: string } | { tried: string[] }> {
  const tried = CHECKPOINT_NAMES.map((name) => `${saeDirectory}/layer${layer}/${name}`);
  for (const path of tried) {
    if (await isFileThere(path)) return { path };
    const download = await findUnfinishedDownload(path);
    if (download !== undefined) {
      throw new InputError(`${path} does not exist${unfinishedAdvice(download)}`);
    }
  }
  return { tried };
}
