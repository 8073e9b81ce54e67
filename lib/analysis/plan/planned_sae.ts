/**
 * The SAEs of an analysis: found and looked at, their weights not yet read.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import { sitesToCompute, type TrialPlace, trialPlace } from "../../doctor/site_fits.ts";
import { hashBytes } from "../../files/hash_file.ts";
import { jsonText } from "../../files/json_writer.ts";
import type { SteadyFile } from "../../files/steady_file.ts";
import { canCompute, type DecoderModel } from "../../lm/language_model.ts";
import type { Site } from "../../lm/site.ts";
import type { SiteList } from "../../lm/site_list.ts";
import { type LayerName, layerName } from "../../results/layer_name.ts";
import type { SaeWord } from "../../results/sae_record.ts";
import type { OpenedSae, SaeOptions } from "../../sae/formats/format.ts";
import type { LoadedDecoder, LoadedSae } from "../../sae/formats/load_checkpoint.ts";
import type { SaeCheckpoint } from "../../sae/formats/sae_checkpoint.ts";
import type { Sae, SaeDecoder, SaeShape } from "../../sae/sae.ts";
import { sourceOf } from "../../reading/reading_sae.ts";
import type { ReadingThreads, SampledStates } from "../../reading/reading_threads.ts";
import { threadedDecoder, threadedEncoder } from "../../reading/threaded_sae.ts";

/** The sizes of a planned SAE. Those that are not AlignSAE's have free features only. */
export type PlannedShape = Omit<SaeShape, "kind"> & { readonly kind: SaeWord };

/** An SAE of an analysis, and the site whose states it takes. */
export interface PlannedSae {
  /** What its results are called. */
  readonly layer: LayerName;
  /** Where in the model the states are read that it takes. */
  readonly site: Site;
  /** All sites whose states are needed: its own, and those that it is tried at. */
  readonly neededSites: readonly Site[];
  /** Where it is tried before it is used; undefined of AlignSAE's, whose results say enough. */
  readonly trialPlace?: TrialPlace | undefined;
  /** Its file, or the folder of its files. */
  readonly path: string;
  /** What it holds. */
  readonly shape: PlannedShape;
  /** What its files say of it beyond its shape; undefined of AlignSAE's. */
  readonly opened?: OpenedSae | undefined;
  /** How many features of a question it keeps, if the user said so. */
  readonly k?: number | undefined;
  /**
   * Makes sure that its files are what they were when it was planned.
   *
   * @throws {InputError} If one is not, or is gone.
   */
  check(): Promise<void>;
  /**
   * Begins to read it. Each part is rejected with an {@linkcode InputError} if it is damaged or not
   * finite, or has become another one.
   *
   * @param how Who reads, and what is to be found out.
   */
  read(how: HowToRead): SaeParts;
  /**
   * Reads both sides of it, to try it; undefined of AlignSAE's.
   *
   * @param threads Who reads.
   * @throws {InputError} As the parts of `read` are rejected.
   */
  readSides?(threads: ReadingThreads): Promise<ReadSides>;
  /**
   * Finds out which SAE it is, to be compared with what an earlier result was made of.
   *
   * @param threads Who reads.
   * @throws {InputError} As the parts of `read` are rejected.
   */
  identify(threads: ReadingThreads): Promise<{ loaded: SaeIdentity; decoder: DecoderIdentity }>;
}

/** Which SAEs are wanted. */
export interface SaeWish {
  /** The directory that they lie in, or the file of one. */
  readonly saeDirectory: string;
  /** The layers; `all` is every layer that is the input of a block. */
  readonly layers: "all" | readonly number[];
  /** The sites, instead of layers. Default: the layers, or of `all` wherever the SAEs read. */
  readonly sites?: SiteList | undefined;
  /** The format of the SAEs, by its name. Default: it is recognised. */
  readonly saeFormat?: string | undefined;
  /** How many features of a question a top-k SAE keeps whose files do not say it. */
  readonly k?: number | undefined;
}

/** The SAEs that were found, and what was not. */
export interface PlannedSaes {
  /** The SAEs, in the order in which a forward pass comes to their sites. */
  readonly checkpoints: readonly PlannedSae[];
  /** Layers that were asked for and have no SAE. */
  readonly skipped: readonly SkippedLayer[];
  /** How many slots those have that have some; undefined if none has. */
  readonly slotCount: number | undefined;
}

/** A layer, or a site, that was asked for and has no SAE. */
export interface SkippedLayer {
  /** What its results would be called. */
  readonly layer: LayerName;
  /** Why it has none. */
  readonly reason: string;
}

/** How an SAE is read. */
export interface HowToRead {
  /** Who reads. */
  readonly threads: ReadingThreads;
  /** Hidden states that AlignSAE's reconstruct, others have been tried on some before. */
  readonly states: SampledStates;
  /** Whether somebody waits for the encoder, or the states. */
  readonly isAwaited: boolean;
}

/** The sides of an SAE that is read to be tried. */
export interface ReadSides {
  /** Its encoder. */
  readonly sae: Sae;
  /** Its decoder, if its files hold one. */
  readonly decoder: SaeDecoder | undefined;
}

/** The parts of an SAE that is read. */
export interface SaeParts {
  /** Its encoder. */
  readonly loaded: Promise<ReadSae>;
  /** What was found out about its decoder. */
  readonly decoder: Promise<ReadDecoder>;
  /** Gives back the memory of its encoder, which nobody reads any more. */
  release(): void;
}

/** What tells an encoder from others. */
export type SaeIdentity = Pick<LoadedSae, "sha256" | "bytesRead" | "byteLength"> & {
  /** The SHA-256 of each of its files, by name; undefined of AlignSAE's. */
  readonly filesSha256?: Record<string, string> | undefined;
};

/** What tells a decoder from others. */
export type DecoderIdentity = Pick<LoadedDecoder, "sha256" | "bytesRead">;

/** An encoder that was read. */
export type ReadSae = SaeIdentity & Pick<LoadedSae, "sae">;

/** What was found out about a decoder. */
export type ReadDecoder = DecoderIdentity & {
  /**
   * The mean squared distance of the hidden states from what it gives; undefined if there is none, or
   * it was not tried.
   */
  readonly error?: number | undefined;
};

/** An SAE of AlignSAE's, of a layer by its number. */
export function plannedCheckpoint(checkpoint: SaeCheckpoint, site: Site): PlannedSae {
  const { path, layer, shape, file } = checkpoint;
  const check = () => file.check();
  return {
    layer,
    site,
    neededSites: [site],
    path,
    shape,
    check,
    read({ threads, states, isAwaited }) {
      // What a changed file holds need not make sense: that it was changed is to be said first.
      const parts = check().then(() => threads.checkpoint(path, shape, states, isAwaited));
      const unchanged = async () => {
        const loaded = await (await parts).loaded;
        checkUnchanged(checkpoint, loaded);
        return loaded;
      };
      return settledLater({
        loaded: unchanged(),
        decoder: parts.then(({ decoder }) => decoder),
        release: () => void parts.then(({ release }) => release(), () => {}),
      });
    },
    async identify(threads) {
      const { encoder, decoder } = await threads.identify(path, shape);
      checkUnchanged(checkpoint, encoder);
      return { loaded: encoder, decoder };
    },
  };
}

/** What is rejected before it is awaited is thrown when it is. */
function settledLater(parts: SaeParts): SaeParts {
  for (const part of [parts.loaded, parts.decoder]) part.catch(() => {});
  return parts;
}

/** The plan was made from the checkpoint's description; the weights are read much later. */
function checkUnchanged(
  { path, shape }: SaeCheckpoint,
  { shape: read }: Pick<LoadedSae, "shape">,
): void {
  const isSame = read.kind === shape.kind && read.width === shape.width &&
    read.freeCount === shape.freeCount && read.slotCount === shape.slotCount;
  if (!isSame) throw new InputError(`${path} was changed during the analysis; start it again`);
}

/**
 * An SAE of any other format.
 *
 * @param files All files that it was opened from.
 * @param where The site in a model, what tells it from others at this site, and what no file holds.
 */
export function plannedSae(
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
    k: options.k,
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
      return settledLater({
        loaded: loaded(),
        decoder: Promise.resolve(unhashed),
        release: () => {},
      });
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
