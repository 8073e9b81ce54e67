/**
 * The builds of ONNX Runtime that there are.
 *
 * @module
 */

/**
 * Where a session computes: `cpu` is onnxruntime-node, native code; `wasm` and `webgpu` are
 * onnxruntime-web; `webgpu-native` is onnxruntime-node's WebGPU, on a device of its own.
 */
export type OrtBackend = "cpu" | "wasm" | "webgpu" | "webgpu-native";

/** Whether a backend is native code, which reads weights from files itself. */
export function isNative(backend: OrtBackend): backend is "cpu" | "webgpu-native" {
  return backend === "cpu" || backend === "webgpu-native";
}
