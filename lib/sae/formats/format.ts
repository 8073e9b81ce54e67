/**
 * What a format of SAE files is to `open_sae.ts`: it recognises files by what is in them, and says
 * what they hold before their weights are read.
 *
 * @module
 */
import type { Site } from "../../lm/site.ts";
import type { Sae, SaeDecoder } from "../sae.ts";
import type { SaeFiles } from "./sae_files.ts";

/** What no file holds and a user may have to say. */
export interface SaeOptions {
  /** How many features of a question are kept, of a top-k SAE whose files do not say it. */
  readonly k?: number | undefined;
  /**
   * Whose formula to follow where libraries read the same files differently: the owner's, or that of
   * SAELens. Default: the owner's.
   */
  readonly reading?: "owner" | "saelens" | undefined;
  /** The format, where it is not to be recognised: `gemma_scope`. */
  readonly format?: string | undefined;
}

/** What a transcoder predicts: the states of another place than the one it reads. */
export interface Prediction {
  /** The width of those states. */
  readonly width: number;
  /** Where in a model they are; undefined if its files do not say, or elsewhere. */
  readonly site: Site | undefined;
  /** The same as its files say it; undefined if they do not. */
  readonly siteInWords: string | undefined;
}

/** An SAE whose files were looked at; its weights are not yet read. */
export interface OpenedSae {
  /** What was asked for. */
  readonly path: string;
  /** The format: `Gemma Scope`. */
  readonly format: string;
  /** What the owner calls its way to encode: `jumprelu`. */
  readonly architecture: string;
  /** The width of the hidden states that it takes. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** Where in a model its hidden states are read; undefined if its files do not say, or elsewhere. */
  readonly site: Site | undefined;
  /** The same as its files say it; undefined if they do not. */
  readonly siteInWords: string | undefined;
  /** What a transcoder predicts; undefined of an SAE, which gives back what it takes. */
  readonly predicts?: Prediction | undefined;
  /** How many features of a question its files say to be active on average, if they say it. */
  readonly declaredL0?: number | undefined;
  /** How many features of a question it keeps, if no file of its says it: its path does, or the user. */
  readonly k?: number | undefined;
  /** Whether it takes the outputs of attention heads, one head after the other. */
  readonly takesHeads?: boolean | undefined;
  /** Whether it was trained on residuals from each of which its mean was subtracted. */
  readonly isCentred?: boolean | undefined;
  /** The one of the notes that says why it is taken for that. */
  readonly centringNote?: string | undefined;
  /** Whether the beginning token went before each text in training; undefined if nothing says it. */
  readonly prependsBos?: boolean | undefined;
  /** The files that it was opened from; `openSae` tells them. */
  readonly files?: readonly string[] | undefined;
  /** What a user should know: what was assumed, what was not read. */
  readonly notes: readonly string[];
  /**
   * Reads the encoder.
   *
   * @throws {InputError} If a weight is missing, damaged or not finite.
   */
  read(): Promise<Sae>;
  /**
   * Reads the decoder, but for W, which is read by ranges of features; undefined if the files hold
   * none. A transcoder's gives what its owner's forward pass gives.
   *
   * @throws {InputError} As `read` does.
   */
  readDecoder(): Promise<SaeDecoder | undefined>;
}

/** A format. */
export interface SaeFormat {
  /** What to call it. */
  readonly name: string;
  /** Whether files are of it, by their names and what stands in them. */
  recognizes(files: SaeFiles): Promise<boolean>;
  /**
   * Says what the files hold.
   *
   * @throws {InputError} If they contradict themselves, or coact does not support what they hold.
   */
  open(files: SaeFiles, options: SaeOptions): Promise<OpenedSae>;
}
