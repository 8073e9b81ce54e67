/** A source that remembers what was read from it. */
import type { ByteSource } from "../../lib/files/byte_source.ts";

/** Wraps a source. */
export class CountingSource implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  /** The ranges read so far. */
  readonly ranges: [start: number, end: number][] = [];
  #source: ByteSource;

  constructor(source: ByteSource) {
    this.name = source.name;
    this.byteLength = source.byteLength;
    this.#source = source;
  }

  /** How many bytes were read so far. */
  get bytesRead(): number {
    return this.ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    this.ranges.push([start, end]);
    return this.#source.read(start, end);
  }
}
