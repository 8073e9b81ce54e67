/**
 * onnxruntime-node. The system loads libraries from files alone, and in a binary of `deno compile`
 * they are none: they are unpacked into a directory that only the user can read, compared with what
 * the binary holds, and loaded from there.
 *
 * @module
 */
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type * as NativeRuntime from "onnxruntime-node";
import { InputError, messageOf } from "../base/errors.ts";
import { placeFile, PrivateDirectory } from "../files/private_directory.ts";

const PREFIX = "coact-native-";

/** The file that onnxruntime-node asks for; its libraries lie beside it. */
const BINDING = "onnxruntime_binding.node";

/** What ONNX Runtime looks for in the environment when it is loaded. */
const NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

let reserved: string | undefined;

let loading: Promise<typeof NativeRuntime> | undefined;

/**
 * Whether onnxruntime-node is there, with native code for this platform: a binary may have been made
 * without it. It is not loaded.
 */
export function hasNativeRuntime(): boolean {
  try {
    return Deno.statSync(bindingPath()).isFile;
  } catch (error) {
    // Of packages on the web nobody knows beforehand where their files will be.
    return !(error instanceof Deno.errors.NotFound) && !Deno.build.standalone;
  }
}

function bindingPath(): string {
  const manifest = fileURLToPath(import.meta.resolve("onnxruntime-node/package.json"));
  return join(dirname(manifest), "bin", "napi-v6", process.platform, process.arch, BINDING);
}

/**
 * Makes the directory for the libraries, still empty, in a binary that has some; for a thread that
 * may write and starts another one that may write nowhere else. It is removed when the process ends.
 *
 * @returns Its path, for {@linkcode unpackNativeRuntimeInto}; undefined if there is nothing to unpack.
 * @throws {InputError} If it cannot be made.
 */
export function reserveNativeDirectory(): string | undefined {
  if (!Deno.build.standalone || !hasNativeRuntime()) return undefined;
  const directory = PrivateDirectory.create(PREFIX);
  addEventListener("unload", () => directory[Symbol.dispose]());
  return directory.path;
}

/**
 * Says into which directory {@linkcode loadNativeRuntime} is to unpack the libraries, rather than
 * into a new one. Whoever made it removes it.
 */
export function unpackNativeRuntimeInto(directory: string): void {
  reserved = directory;
}

/** The directory that {@linkcode unpackNativeRuntimeInto} named in this thread, if it did. */
export function nativeDirectory(): string | undefined {
  return reserved;
}

/**
 * Loads onnxruntime-node, once.
 *
 * @param unpack Whether its libraries are to be unpacked first. Default: in a binary they are.
 * @throws {InputError} If it may not be forbidden to report what it does, if the libraries cannot
 * be unpacked, or if they are not what the binary holds.
 * @throws {Error} If it is not there, or the system does not load it.
 */
export function loadNativeRuntime(
  unpack: boolean = Deno.build.standalone,
): Promise<typeof NativeRuntime> {
  return loading ??= load(unpack);
}

/** Loads onnxruntime-node; returns why that is not possible, undefined if it is. */
export async function whyNoNativeRuntime(): Promise<string | undefined> {
  try {
    await loadNativeRuntime();
    return undefined;
  } catch (error) {
    if (isMissing(error)) return "onnxruntime-node is not there: coact was built without it";
    return `onnxruntime-node cannot be loaded: ${messageOf(error)}`;
  }
}

/** Whether a package itself could not be found, rather than something that it needs. */
function isMissing(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error && error.code;
  return code === "ERR_MODULE_NOT_FOUND" && messageOf(error).includes("onnxruntime-node");
}

async function load(unpack: boolean): Promise<typeof NativeRuntime> {
  forbidTelemetry();
  return unpack ? await loadUnpacked() : await import("onnxruntime-node");
}

/**
 * From version 1.29 on, ONNX Runtime for Linux and macOS tells its makers of every session: hashes
 * of the model, the program, a number for the machine; and keeps that in the user's cache until it
 * finds a network. Deno's permissions do not bind native code.
 */
function forbidTelemetry(): void {
  try {
    Deno.env.set(NO_TELEMETRY, "1");
  } catch {
    throw new InputError(
      `it would report to its makers; Deno's permission to set the environment variable ` +
        `${NO_TELEMETRY} lets coact forbid that`,
    );
  }
}

async function loadUnpacked(): Promise<typeof NativeRuntime> {
  const { extensions } = createRequire(import.meta.url);
  const load = extensions[".node"];
  const own: PrivateDirectory[] = [];
  const place = (): string => {
    if (reserved !== undefined) return reserved;
    own.push(PrivateDirectory.create(PREFIX));
    return own[0]!.path;
  };
  extensions[".node"] = (module, path) => {
    load(module, basename(path) === BINDING ? unpackWithNeighbours(path, place()) : path);
  };
  try {
    return await import("onnxruntime-node");
  } finally {
    extensions[".node"] = load;
    // What is loaded needs its file no more, but on Windows, where it is removed by a later start.
    for (const directory of own) directory[Symbol.dispose]();
  }
}

/**
 * Puts a library and all files beside it into a private directory, unless they are there already,
 * and compares them.
 *
 * @returns The path of the library in that directory.
 * @throws {InputError} If a file cannot be written, or is not what it should be.
 */
export function unpackWithNeighbours(path: string, directory: string): string {
  for (const { name } of Deno.readDirSync(dirname(path))) {
    placeFile(directory, name, Deno.readFileSync(join(dirname(path), name)));
  }
  return join(directory, basename(path));
}
