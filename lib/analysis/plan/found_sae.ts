/**
 * One SAE of any other format than AlignSAE's, as an analysis reads it.
 *
 * @module
 */
import { basename } from "node:path";
import { sitesToCompute, type TrialPlace, trialPlace } from "../../doctor/site_fits.ts";
import { hashBytes } from "../../files/hash_file.ts";
import { jsonText } from "../../files/json_writer.ts";
import type { SteadyFile } from "../../files/steady_file.ts";
import { canCompute, type DecoderModel } from "../../lm/language_model.ts";
import type { Site } from "../../lm/site.ts";
import { sourceOf } from "../../reading/reading_sae.ts";
import type { ReadingThreads } from "../../reading/reading_threads.ts";
import { threadedDecoder, threadedEncoder } from "../../reading/threaded_sae.ts";
import { layerName } from "../../results/layer_name.ts";
import type { OpenedSae, SaeOptions } from "../../sae/formats/format.ts";
import type { PlannedSae, SaeIdentity } from "./planned_sae.ts";

/**
 * An SAE of any other format.
 *
 * @param files All files that it was opened from.
 * @param where The site in a model, what tells it from others at this site, and what no file holds.
 */
export function foundSae(
  { opened, files }: { opened: OpenedSae; files: readonly SteadyFile[] },
  { site, model, label, options }: {
    site: Site;
    model: DecoderModel;
    label: string | undefined;
    options: SaeOptions;
  },
): PlannedSae {
  const { path, width, featureCount } = opened;
  const source = sourceOf(opened, files, options);
  const check = async () => {
    for (const file of files) await file.check();
  };
  const identify = async ({ hash }: ReadingThreads): Promise<SaeIdentity> => {
    const filesSha256: Record<string, string> = {};
    for (const file of files) filesSha256[basename(file.path)] = await file.sha256(hash);
    const bytes = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const sha256 = hashBytes(new TextEncoder().encode(jsonText(filesSha256)));
    return { sha256, filesSha256, bytesRead: bytes, byteLength: bytes };
  };
  const tried = placeOfTrial({ site, opened }, model);
  const unhashed = { sha256: null, bytesRead: 0 }; // its files are hashed with the encoder's
  return {
    layer: layerName(site, label),
    site,
    neededSites: sitesToCompute(tried),
    trialPlace: tried,
    path,
    shape: { kind: "unsupervised", width, featureCount, freeCount: featureCount, slotCount: 0 },
    opened,
    k: opened.k,
    check,
    readSides: async (threads) => {
      const threaded = { threads, source, opened };
      return { sae: await threadedEncoder(threaded), decoder: await threadedDecoder(threaded) };
    },
    read: ({ threads }) => {
      const loaded = async () => {
        await check();
        const identity = await identify(threads);
        return { ...identity, sae: await threadedEncoder({ threads, source, opened }) };
      };
      return {
        loaded: loaded(),
        decoder: Promise.resolve(unhashed),
        release: () => {},
      };
    },
    identify: async (threads) => ({ loaded: await identify(threads), decoder: unhashed }),
  };
}

/** Where an SAE is tried: beside its site only where the model's files hold what that takes. */
function placeOfTrial(
  { site, opened }: { site: Site; opened: OpenedSae },
  model: DecoderModel,
): TrialPlace {
  const { n_layer: blockCount } = model.config;
  const place = { site, predicted: opened.predicts?.site, blockCount };
  return trialPlace(place, (each) => canCompute(model, each));
}
