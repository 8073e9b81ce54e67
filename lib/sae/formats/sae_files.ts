/**
 * The files of an SAE, as formats look at them.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../base/errors.ts";
import { readJson, type Schema } from "../../files/json.ts";
import { readText } from "../../files/read_text.ts";
import { isFileThere, lookAt, unreadable } from "../../files/look.ts";
import { SteadyFile } from "../../files/steady_file.ts";
import { openTensorFile } from "../../tensors/open_tensor_file.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";

/** The files at a path: a directory's, or one file and those beside it. */
export class SaeFiles {
  /** What was asked for. */
  readonly path: string;
  /** The directory. */
  readonly directory: string;
  /** The one file that was asked for; undefined of a directory. */
  readonly file: string | undefined;
  #tensors = new Map<string, Promise<TensorFile>>();
  #opened = new Set<string>();
  #texts = new Map<string, SteadyFile>();
  #weights: string[] | undefined;

  private constructor(path: string, isDirectory: boolean) {
    this.path = path;
    this.directory = isDirectory ? path : dirname(path);
    this.file = isDirectory ? undefined : basename(path);
  }

  /**
   * Looks at a path.
   *
   * @throws {InputError} If nothing is there.
   */
  static async at(path: string): Promise<SaeFiles> {
    const found = await lookAt(path);
    if (found === undefined) throw new InputError(`${path} does not exist`);
    return new SaeFiles(path, found === "directory");
  }

  /** The folders that it lies in, the nearest first, and its own name before them. */
  get folders(): string[] {
    return resolve(this.path).split(/[/\\]/).reverse();
  }

  /** Whether a file of this name is there, and is the one asked for if one was. */
  async has(name: string): Promise<boolean> {
    if (this.file !== undefined) return this.file === name;
    return await isFileThere(`${this.directory}/${name}`);
  }

  /** The paths of all files that were opened. */
  get opened(): readonly string[] {
    return [...this.#opened];
  }

  /**
   * The names of the files with weights, in their order: the one asked for, or the directory's.
   *
   * @throws {InputError} If the directory cannot be read.
   */
  async weights(): Promise<string[]> {
    if (this.file !== undefined) return holdsWeights(this.file) ? [this.file] : [];
    this.#weights ??= await listFiles(this.directory);
    return this.#weights.filter(holdsWeights);
  }

  /** Whether a file of this name lies in the same directory. */
  async isBeside(name: string): Promise<boolean> {
    return await isFileThere(`${this.directory}/${name}`);
  }

  /** The weights in a file of this name; undefined if they cannot be told, as of a damaged file. */
  async readableTensors(name: string): Promise<TensorFile | undefined> {
    try {
      return await this.tensors(name);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** The weights in a file of this name; none is read. */
  tensors(name: string): Promise<TensorFile> {
    this.#opened.add(join(this.directory, name));
    const opened = this.#tensors.get(name) ?? openTensorFile(`${this.directory}/${name}`);
    this.#tensors.set(name, opened);
    return opened;
  }

  /** A text that lies in the same directory; undefined if there is none. */
  async text(name: string): Promise<string | undefined> {
    const path = await this.#see(name);
    return path === undefined ? undefined : await readText(path);
  }

  /** A configuration that lies in the same directory; undefined if there is none. */
  async config<T>(name: string, schema: Schema<T>): Promise<T | undefined> {
    const path = await this.#see(name);
    return path === undefined ? undefined : await readJson(schema, path);
  }

  /** The files that were looked into so far, as they were then. */
  async seen(): Promise<SteadyFile[]> {
    const files = [...this.#texts.values()];
    for (const opened of this.#tensors.values()) {
      const tensors = await opened.catch(() => undefined); // what cannot be read holds nothing
      files.push(...tensors?.files ?? []);
    }
    return files;
  }

  /** The path of a text in the same directory, noted as it is now; undefined if there is none. */
  async #see(name: string): Promise<string | undefined> {
    const path = join(this.directory, name);
    if (!await isFileThere(path)) return undefined;
    this.#opened.add(path);
    this.#texts.set(name, this.#texts.get(name) ?? await SteadyFile.see(path));
    return path;
  }
}

/** Whether a file's name is that of weights: formats may put several SAEs into one folder. */
export function holdsWeights(name: string): boolean {
  return /\.(pt|pth|bin|npz|safetensors)$/.test(name);
}

async function listFiles(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      if (!isDirectory) names.push(name);
    }
  } catch (error) {
    throw unreadable(directory, error);
  }
  return names.sort();
}
