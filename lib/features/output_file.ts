/**
 * Files of results that are written piece by piece.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { StagedFile, Staging } from "../files/write_whole.ts";

/** A file of results that is written piece by piece, and hashed meanwhile. */
export class OutputFile implements AsyncDisposable {
  #file: StagedFile;
  #hash = createHash("sha256");
  #sha256: string | undefined;

  private constructor(file: StagedFile) {
    this.#file = file;
  }

  /**
   * Begins it. Whoever begins it closes it before it is committed, by `await using`.
   *
   * @throws {InputError} If it cannot be made.
   */
  static async begin(staging: Staging, path: string): Promise<OutputFile> {
    return new OutputFile(await staging.begin(path));
  }

  /**
   * Writes what comes next.
   *
   * @throws {InputError} If it cannot be written.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#file.write(bytes);
  }

  /** The SHA-256 of all that was written; nothing more is written after it was asked for. */
  get sha256(): string {
    this.#sha256 ??= this.#hash.digest("hex");
    return this.#sha256;
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

/** Numbers as bytes, little-endian as all machines that Deno runs on are. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
