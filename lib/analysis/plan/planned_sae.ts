/**
 * What an analysis knows of its SAEs: found and looked at, their weights not yet read.
 *
 * @module
 */
import type { TrialPlace } from "../../doctor/site_fits.ts";
import type { Site } from "../../lm/site.ts";
import type { SiteList } from "../../lm/site_list.ts";
import type { ReadingThreads, SampledStates } from "../../reading/reading_threads.ts";
import type { LayerName } from "../../results/layer_name.ts";
import type { SaeWord } from "../../results/sae_record.ts";
import type { OpenedSae } from "../../sae/formats/format.ts";
import type { LoadedDecoder, LoadedSae } from "../../sae/formats/load_checkpoint.ts";
import type { Sae, SaeDecoder, SaeShape } from "../../sae/sae.ts";

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
  /** How many features of a question it keeps, if no file of its says it. */
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
