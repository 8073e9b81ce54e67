/**
 * The WebAssembly of ONNX Runtime while it is compiled.
 *
 * onnxruntime-web reads its file and copies it, and both copies stay until memory is collected, which
 * nothing asks for: they lie outside of JavaScript's heap. In onnxruntime-web 1.30 that is 28 MiB of a
 * process, and 54 MiB with WebGPU. V8 has a copy of its own, and needs neither.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { OrtBackend } from "./ort_backend.ts";

/** The file of each build that is WebAssembly. */
const FILES = {
  wasm: "onnxruntime-web/ort-wasm-simd-threaded.wasm",
  webgpu: "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm",
} as const;

/** What onnxruntime-web is told of its WebAssembly. */
export interface WasmSettings {
  /** The file's bytes; it reads them itself where there are none. */
  wasmBinary?: ArrayBufferLike | Uint8Array | undefined;
}

/** Builds that are compiled: they are never read again. */
const compiled = new Set<OrtBackend>();

/**
 * Hands onnxruntime-web its WebAssembly for as long as the first session takes to be made, and gives
 * the memory back. A package whose files are not on this machine is left to itself.
 *
 * @param settings Those of the build, `env.wasm`.
 * @param action Makes a session.
 */
export async function withWasmBinary<T>(
  settings: WasmSettings,
  backend: Exclude<OrtBackend, "cpu" | "webgpu-native">,
  action: () => Promise<T>,
): Promise<T> {
  const bytes = compiled.has(backend) ? undefined : await readBinary(FILES[backend]);
  if (bytes === undefined) return await action();
  settings.wasmBinary = bytes;
  try {
    const made = await action();
    compiled.add(backend);
    return made;
  } finally {
    delete settings.wasmBinary;
    bytes.transfer(0);
  }
}

/** Reads a file of a package; undefined where it cannot be found or read. */
async function readBinary(name: string): Promise<ArrayBuffer | undefined> {
  try {
    return (await Deno.readFile(fileURLToPath(import.meta.resolve(name)))).buffer;
  } catch {
    return undefined; // its own attempt says what is wrong
  }
}
