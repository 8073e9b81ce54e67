/**
 * onnxruntime-node, made to keep what it does to itself.
 *
 * @module
 */
import type * as NativeRuntime from "onnxruntime-node";
import { InputError } from "../errors.ts";

/** What ONNX Runtime looks for in the environment when it is loaded. */
const NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

let loading: Promise<typeof NativeRuntime> | undefined;

/**
 * Loads onnxruntime-node, once.
 *
 * @throws {InputError} If it may not be forbidden to report what it does.
 * @throws {Error} If it is not there, or the system does not load it.
 */
export function loadNativeRuntime(): Promise<typeof NativeRuntime> {
  return loading ??= load();
}

async function load(): Promise<typeof NativeRuntime> {
  forbidTelemetry();
  return await import("onnxruntime-node");
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
      `it would report to its makers; Deno's --allow-env=${NO_TELEMETRY} lets coact forbid that`,
    );
  }
}
