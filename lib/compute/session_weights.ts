/**
 * How the weights of a model reach ONNX Runtime: native code maps the files itself, WebAssembly is
 * handed each weight in float32.
 *
 * @module
 */
import { dirname, relative } from "node:path";
import { InputError } from "../base/errors.ts";
import { readRows } from "../tensors/picked_rows.ts";
import { elementCount } from "../tensors/stored_tensor.ts";
import type { TensorFile, TensorInfo } from "../tensors/tensor_file.ts";
import type { ElementType } from "./onnx_schema.ts";
import type { ExternalData } from "./onnx_graph.ts";
import { isNative, type OrtBackend } from "./ort_backend.ts";

/** Where a model takes a weight from. */
export interface WeightSource {
  /** The file. */
  readonly file: TensorFile;
  /** The tensor in it. */
  readonly tensor: TensorInfo;
  /**
   * Which of its rows the model needs, in ascending order, for WebAssembly to be handed no others;
   * native code maps the file. Default: all.
   */
  readonly rows?: readonly number[] | undefined;
}

/** A weight as a model is to declare it. */
export interface SessionWeight {
  /** Its shape. */
  readonly shape: readonly number[];
  /** The type of its elements, once ONNX Runtime has it. */
  readonly type: ElementType;
  /** Where ONNX Runtime is to look for it, or the numbers themselves, to be put into the model. */
  readonly data: ExternalData | Float32Array<ArrayBuffer>;
}

/** The weights of a model, made ready for a session. */
export interface SessionWeights {
  /** Each weight by its name in the model. */
  readonly weights: ReadonlyMap<string, SessionWeight>;
  /** The folder in which native code looks for their files. */
  readonly folder: string;
  /**
   * Reads them for WebAssembly, which is handed each as a file of its own. Native code reads them
   * itself: then none is read here.
   *
   * @throws {InputError} If one is damaged or not finite.
   */
  read(): Promise<{ path: string; data: Uint8Array<ArrayBuffer> }[]>;
}

/** A weight that was read before. */
export interface GivenWeight {
  /** All of it in float32; undefined if it has to be read. */
  readonly values?: Float32Array<ArrayBuffer> | undefined;
  /** The greatest magnitude in it; finite if and only if all of it is. */
  readonly greatest: number;
}

/** What is told of weights that are read, and which were read before. */
export interface PlaceOptions {
  /**
   * Shown each weight that is read for WebAssembly, by its name in the model, but for those that were
   * read before and are known to be finite.
   */
  readonly onRead?: ((name: string, values: Float32Array) => void) | undefined;
  /** Weights that need not be read again for WebAssembly, by their names in the model. */
  readonly given?: ReadonlyMap<string, GivenWeight>;
}

/** A model with such weights in it would be longer than protobuf allows, in bytes. */
const MAX_MODEL_BYTES = 2 ** 31 - 2 ** 24;

/**
 * Makes the weights of a model ready for a session.
 *
 * @param sources Where each is, by its name in the model.
 * @throws {InputError} If a file cannot be read.
 */
export async function placeWeights(
  backend: OrtBackend,
  sources: ReadonlyMap<string, WeightSource>,
  options: PlaceOptions = {},
): Promise<SessionWeights> {
  return isNative(backend) ? await placeInFiles(sources) : placeApart(sources, options);
}

async function placeInFiles(
  sources: ReadonlyMap<string, WeightSource>,
): Promise<SessionWeights> {
  const paths = new Set([...sources.values()].map(({ tensor }) => tensor.path));
  const real = new Map<string, string>(); // ONNX Runtime follows no links
  for (const path of paths) real.set(path, await Deno.realPath(path));
  const folder = commonFolder([...real.values()]);
  const weights = new Map<string, SessionWeight>();
  let bytesInModel = 0;
  for (const [name, { file, tensor }] of sources) {
    const { shape, dataType } = tensor;
    const place = file.place(tensor.name);
    if (place !== undefined) {
      const location = relative(folder, real.get(place.path)!);
      const data = { location, offset: place.offset, length: place.byteLength };
      weights.set(name, { shape, type: dataType as ElementType, data });
      continue;
    }
    const data = await file.read(tensor.name);
    weights.set(name, { shape, type: "float32", data });
    bytesInModel += data.byteLength;
    if (bytesInModel > MAX_MODEL_BYTES) {
      throw new InputError(
        `${file.path}: too many tensors are transposed or scattered to be used in place; save the ` +
          "model again as safetensors",
      );
    }
  }
  return { weights, folder, read: () => Promise.resolve([]) };
}

/** In float32, for WebGPU devices without shader-f16 can do nothing with other precisions. */
function placeApart(
  sources: ReadonlyMap<string, WeightSource>,
  { onRead = () => {}, given = new Map() }: PlaceOptions,
): SessionWeights {
  const weights = new Map(
    [...sources].map(([name, { tensor, rows }]): [string, SessionWeight] => {
      const shape = rows === undefined ? tensor.shape : [rows.length, ...tensor.shape.slice(1)];
      const data = { location: name, offset: 0, length: 4 * elementCount(shape) };
      return [name, { shape, type: "float32", data }];
    }),
  );
  return {
    weights,
    folder: "",
    async read() {
      const files = [];
      for (const [name, { file, tensor, rows }] of sources) {
        const known = given.get(name);
        const values = known?.values ??
          (rows === undefined
            ? await file.read(tensor.name)
            : await readRows(file, tensor.name, rows));
        if (known?.values === undefined || !Number.isFinite(known.greatest)) onRead(name, values);
        const { buffer, byteOffset, byteLength } = values;
        files.push({ path: name, data: new Uint8Array(buffer, byteOffset, byteLength) });
      }
      return files;
    },
  };
}

/** The deepest folder that all paths lie in. */
function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]!);
  while (paths.some((path) => relative(folder, path).startsWith(".."))) {
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return folder;
}
