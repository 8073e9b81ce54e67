/**
 * What a user is told of the SAEs that were found.
 *
 * @module
 */
import type { Observer } from "../../base/observer.ts";
import { describeSite, finalNormText } from "../../lm/layer_convention.ts";
import type { DecoderModel } from "../../lm/language_model.ts";
import { siteText } from "../../lm/site.ts";
import { layerText } from "../../results/layer_name.ts";
import type { OpenedSae } from "../../sae/formats/format.ts";
import type { PlannedSae } from "./planned_sae.ts";

/** Says of each SAE what it is and where it reads, and what else is to be known, each thing once. */
export function noteSaes(
  checkpoints: readonly PlannedSae[],
  { config: { n_layer: blockCount }, decoder }: DecoderModel,
  observer: Observer,
): void {
  const notes = new Map<string, string[]>();
  for (const { layer, path, site, opened } of checkpoints) {
    const { format, architecture, featureCount, siteInWords } = opened!;
    // Which token's state it is depends on the prompts.
    const finalNorm = finalNormText(decoder);
    const described = describeSite(site, { blockCount, finalNorm, doEndAlike: false });
    observer.note(
      `${layerText(layer)}: ${path}, ${format}, ${architecture}, ` +
        `${featureCount.toLocaleString("en")} features` +
        (siteInWords === undefined ? "" : `; ${siteInWords} is ${siteText(site)}, ${described}`),
    );
    for (const note of notesOf(opened!)) notes.getOrInsert(note, []).push(path);
  }
  for (const [note, paths] of notes) {
    const which = paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`;
    observer.note(`${which}: ${note}`);
  }
}

/** What is to be known of an SAE; that it was trained on centred states with what follows from it. */
function notesOf({ notes, isCentred, centringNote }: OpenedSae): readonly string[] {
  if (!isCentred) return notes;
  const why = centringNote ?? "it was trained on centred states";
  const others = notes.filter((note) => note !== centringNote);
  return [...others, `${why}; the mean of its numbers is subtracted from each state here, too`];
}
