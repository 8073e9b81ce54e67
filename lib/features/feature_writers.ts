/**
 * The files that features become, written as the blocks come.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Staging } from "../files/write_whole.ts";
import { zipFile } from "../files/zip_writer.ts";
import { decodeRows } from "../sae/decode.ts";
import type { OpenedSae } from "../sae/formats/format.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";
import type { EncodeRecord } from "./encode_record.ts";
import type { FeatureBlock } from "./feature_blocks.ts";
import { npyHeader } from "./npy_header.ts";
import { bytesOf, OutputFile } from "./output_file.ts";
import { SparseFeatures } from "./sparse_features.ts";

/** Writes the features. Whoever begins it closes it before it is committed, by `await using`. */
export class FeatureWriter implements AsyncDisposable {
  #name: string;
  #file: OutputFile;
  #sparse: SparseFeatures | undefined;
  #shape: readonly [number, number];

  private constructor(
    name: string,
    file: OutputFile,
    shape: readonly [number, number],
    sparse?: SparseFeatures,
  ) {
    this.#name = name;
    this.#file = file;
    this.#shape = shape;
    this.#sparse = sparse;
  }

  /**
   * Begins the file.
   *
   * @param shape States and features.
   * @throws {InputError} If it cannot be written.
   */
  static async begin(
    staging: Staging,
    { directory, sparse, shape }: {
      directory: string;
      sparse: boolean;
      shape: readonly [number, number];
    },
  ): Promise<FeatureWriter> {
    const name = sparse ? "features.npz" : "features.npy";
    const file = await OutputFile.begin(staging, `${directory}/${name}`);
    try {
      const rows = sparse ? new SparseFeatures(shape[1], directory) : undefined;
      if (rows === undefined) await file.write(npyHeader("<f4", shape));
      return new FeatureWriter(name, file, shape, rows);
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds the features of the next states. */
  async add({ features }: FeatureBlock): Promise<void> {
    if (this.#sparse === undefined) await this.#file.write(bytesOf(features));
    else this.#sparse.add(features);
  }

  /** Writes what is left to be written. */
  async finish(): Promise<EncodeRecord["files"]> {
    const sparse = this.#sparse;
    if (sparse !== undefined) {
      for (const piece of zipFile(sparse.members())) await this.#file.write(piece);
    }
    const shape = [...this.#shape];
    const sha256 = this.#file.sha256;
    return { [this.#name]: { shape, ...(sparse && { nonzero: sparse.count }), sha256 } };
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#sparse?.[Symbol.dispose]();
    await this.#file[Symbol.asyncDispose]();
  }
}

const RECONSTRUCTION = "reconstruction.npy";

/** Writes what an SAE decodes. Whoever begins it closes it before it is committed. */
export class ReconstructionWriter implements AsyncDisposable {
  #file: OutputFile;
  #decoding: { sae: Sae; decoder: SaeDecoder };
  #count: number;

  private constructor(
    file: OutputFile,
    decoding: { sae: Sae; decoder: SaeDecoder },
    count: number,
  ) {
    this.#file = file;
    this.#decoding = decoding;
    this.#count = count;
  }

  /**
   * Begins the file.
   *
   * @throws {InputError} If the SAE has no decoder, or the file cannot be written.
   */
  static async begin(
    staging: Staging,
    { directory, opened, sae, count }: {
      directory: string;
      opened: OpenedSae;
      sae: Sae;
      count: number;
    },
  ): Promise<ReconstructionWriter> {
    const decoder = await opened.readDecoder();
    if (decoder === undefined) {
      throw new InputError(`${opened.path} holds no decoder: nothing can be reconstructed`);
    }
    const file = await OutputFile.begin(staging, `${directory}/${RECONSTRUCTION}`);
    await file.write(npyHeader("<f4", [count, decoder.width]));
    return new ReconstructionWriter(file, { sae, decoder }, count);
  }

  /** Adds what is decoded of the next states. */
  async add({ features, states }: FeatureBlock): Promise<void> {
    await this.#file.write(bytesOf(await decodeRows(this.#decoding, features, states)));
  }

  /** Says what was written. */
  finish(): Promise<EncodeRecord["files"]> {
    const shape = [this.#count, this.#decoding.decoder.width];
    return Promise.resolve({ [RECONSTRUCTION]: { shape, sha256: this.#file.sha256 } });
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
