/** Small files of SAEs that are right, and what becomes of each when one thing about them is not. */
import assert from "node:assert/strict";
import type { OpenedSae } from "../../../lib/sae/formats/format.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { randomNumbers } from "../../support/tiny_model.ts";
import { torchFile, torchTensor } from "../../support/torch_file.ts";

/** A tensor to be written: of float32, or of int32. */
export class TestTensor {
  constructor(
    public shape: number[],
    public values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
  ) {}
}

/** A tensor of numbers that look random, the same each time. */
export function numbers(...shape: number[]): TestTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return new TestTensor(shape, randomNumbers(count, count));
}

/** A tensor of these numbers; without sizes of one. */
export function floats(values: number[], shape: number[] = [values.length]): TestTensor {
  return new TestTensor(shape, Float32Array.from(values));
}

/** A tensor of one whole number, without axes. */
export function integer(value: number): TestTensor {
  return new TestTensor([], Int32Array.of(value));
}

/** The files of an SAE. Tests change what they want to be wrong. */
export interface TestSae {
  /** The directory, below a temporary one. */
  directory: string;
  /** The name of the file with the weights: `.pt` or `.safetensors`. */
  weights: string;
  /** What it holds: tensors, and plain values of a pickle. */
  state: Record<string, unknown>;
  /** Its configuration. */
  config?: { name: string; fields: Record<string, unknown> };
  /** Whether the file is opened, and not its directory. */
  asFile?: boolean;
  /** More files, by name. */
  others?: Record<string, string | Uint8Array>;
}

/** Writes an SAE below a directory and returns the path that a user would give. */
export function writeSae(directory: TemporaryDirectory, sae: TestSae): string {
  const folder = `${sae.directory}/`.replace(/^\.?\//, "");
  const content = sae.weights.endsWith(".safetensors")
    ? safetensorsOf(sae.state)
    : torchFileOf(sae.state);
  const path = directory.write(folder + sae.weights, content);
  if (sae.config) {
    directory.write(folder + sae.config.name, JSON.stringify(sae.config.fields));
  }
  for (const [name, other] of Object.entries(sae.others ?? {})) {
    directory.write(folder + name, other);
  }
  return sae.asFile ? path : `${directory.path}/${sae.directory}`;
}

/** A state dict as `torch.save` writes it. */
export function torchFileOf(state: Record<string, unknown>): Uint8Array {
  const storages: Record<string, Float32Array | Int32Array> = {};
  const pickled = (values: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (!(value instanceof TestTensor)) {
          const isDict = typeof value === "object" && value !== null &&
            Object.getPrototypeOf(value) === Object.prototype;
          return [name, isDict ? pickled(value as Record<string, unknown>) : value];
        }
        const key = String(Object.keys(storages).length);
        storages[key] = value.values;
        const type = value.values instanceof Int32Array ? "IntStorage" : "FloatStorage";
        return [name, torchTensor(key, value.shape, type)];
      }),
    );
  return torchFile(pickled(state), storages);
}

/** The same as a safetensors file; plain values cannot be in one. */
export function safetensorsOf(state: Record<string, unknown>): Uint8Array {
  const header: Record<string, unknown> = {};
  const data: number[] = [];
  for (const [name, value] of Object.entries(state)) {
    if (!(value instanceof TestTensor)) continue;
    const { shape, values } = value;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const offsets = [data.length, data.length + bytes.length];
    header[name] = {
      dtype: values instanceof Int32Array ? "I32" : "F32",
      shape,
      data_offsets: offsets,
    };
    data.push(...bytes);
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer);
  return Uint8Array.from([...length, ...text, ...data]);
}

/** What is wrong, and what is said of it. */
export type Mutation<S extends TestSae = TestSae> = readonly [
  what: string,
  change: (sae: S) => void,
  said: RegExp,
];

/** Opens an SAE and reads all of it, as whoever uses it does. */
async function readAll(path: string): Promise<OpenedSae> {
  const opened = await openSae(path);
  const { rows, glu } = await opened.read();
  await rows.read(0, opened.featureCount);
  await glu?.rows.read(0, opened.featureCount);
  const decoder = await opened.readDecoder();
  await decoder?.rows.read(0, opened.featureCount);
  return opened;
}

/**
 * Defines the tests of a reader: the right files are read without a word, or with those that are said
 * of all of them, and each mutation is refused or flagged in words.
 */
export function testMutations(
  reader: string,
  make: () => TestSae,
  { refused, flagged, always = [] }: {
    refused: readonly Mutation[];
    flagged: readonly Mutation[];
    always?: readonly RegExp[];
  },
): void {
  testRight(reader, make, always);
  testRefused(reader, make, refused);
  testFlagged(reader, make, flagged);
}

/** Defines the test that the right files are read without a word, or with those that are said of all of them. */
export function testRight(
  reader: string,
  make: () => TestSae,
  always: readonly RegExp[] = [],
): void {
  Deno.test(`${reader}: the files that the others change are right`, async () => {
    using directory = new TemporaryDirectory();
    const { notes } = await readAll(writeSae(directory, make()));
    assert.equal(notes.length, always.length, notes.join("; "));
    always.forEach((note, i) => assert.match(notes[i]!, note));
  });
}

/** Defines the tests of mutations that a reader refuses. */
export function testRefused(
  reader: string,
  make: () => TestSae,
  refused: readonly Mutation[],
): void {
  for (const [what, change, said] of refused) {
    Deno.test(`${reader} refuses ${what}`, async () => {
      using directory = new TemporaryDirectory();
      const sae = make();
      change(sae);
      await assert.rejects(readAll(writeSae(directory, sae)), inputError(said));
    });
  }
}

/** Defines the tests of mutations that a reader reads all the same, and says. */
export function testFlagged(
  reader: string,
  make: () => TestSae,
  flagged: readonly Mutation[],
): void {
  for (const [what, change, said] of flagged) {
    Deno.test(`${reader} reads and says ${what}`, async () => {
      using directory = new TemporaryDirectory();
      const sae = make();
      change(sae);
      const { notes } = await readAll(writeSae(directory, sae));
      assert(notes.some((note) => said.test(note)), notes.join("; "));
    });
  }
}
