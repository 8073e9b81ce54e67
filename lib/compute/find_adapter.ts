/**
 * The adapters that WebGPU finds: GPUs, and programs that stand in for one.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";

/** The most powerful adapter that WebGPU finds, null if there is none. */
export async function findAdapter(): Promise<GPUAdapter | null> {
  quietenMesa();
  return await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? null;
}

/** What WebGPU finds if it is asked in each way there is; the same adapter may come twice. */
export async function findAdapters(): Promise<GPUAdapter[]> {
  const found = [
    await findAdapter(),
    await navigator.gpu?.requestAdapter({ powerPreference: "low-power" }),
    await navigator.gpu?.requestAdapter({ forceFallbackAdapter: true }),
  ];
  return found.filter((adapter) => adapter !== null && adapter !== undefined);
}

/**
 * Workaround: libwayland, which Mesa's Vulkan drivers and wgpu ask for displays, prints "error:
 * XDG_RUNTIME_DIR is invalid or not set in the environment" on machines without a desktop, though
 * nothing is wrong (https://github.com/KhronosGroup/Vulkan-Tools/issues/721). Any directory pleases
 * it. To see it, run `env -u XDG_RUNTIME_DIR deno eval "await navigator.gpu.requestAdapter()"`, on
 * Mesa 22.3 with Deno 2.9.6. To be deleted when that prints nothing.
 */
function quietenMesa(): void {
  if (Deno.build.os !== "linux") return;
  try {
    if (!Deno.env.has("XDG_RUNTIME_DIR")) Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
  } catch {
    // without the permission the message is printed: a blemish, no fault
  }
}

/**
 * The most powerful adapter that WebGPU finds.
 *
 * @throws {InputError} If there is none.
 */
export async function requireAdapter(): Promise<GPUAdapter> {
  const adapter = await findAdapter();
  if (adapter !== null) return adapter;
  throw new InputError("WebGPU finds no adapter", {
    subject: { setting: "device", value: "gpu" },
    advice: { kind: "install_driver" },
  });
}
