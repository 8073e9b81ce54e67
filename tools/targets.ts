/**
 * The platforms that a binary can be made for, and what npm calls them.
 *
 * @module
 */

/** A platform. */
export interface Target {
  /** Node's name of the operating system, which npm's packages go by. */
  readonly os: "linux" | "darwin" | "win32";
  /** Node's name of the processor. */
  readonly cpu: "x64" | "arm64";
  /** How the canvas's package for it ends. */
  readonly canvas: string;
  /** Packages that Deno takes to be for it, too, because it does not tell C libraries apart. */
  readonly unfit: readonly string[];
  /** How its executables end. */
  readonly extension: "" | ".exe";
}

/** The platforms, by the names that `deno compile` has for them. */
export const TARGETS: Readonly<Record<string, Target>> = {
  "x86_64-unknown-linux-gnu": linux("x64"),
  "aarch64-unknown-linux-gnu": linux("arm64"),
  "x86_64-apple-darwin": darwin("x64"),
  "aarch64-apple-darwin": darwin("arm64"),
  "x86_64-pc-windows-msvc": {
    os: "win32",
    cpu: "x64",
    canvas: "win32-x64-msvc",
    unfit: [],
    extension: ".exe",
  },
};

function linux(cpu: Target["cpu"]): Target {
  const unfit = [`@napi-rs/canvas-linux-${cpu}-musl`];
  return { os: "linux", cpu, canvas: `linux-${cpu}-gnu`, unfit, extension: "" };
}

function darwin(cpu: Target["cpu"]): Target {
  return { os: "darwin", cpu, canvas: `darwin-${cpu}`, unfit: [], extension: "" };
}

/** Whether onnxruntime-node has native code for a platform: not for Macs with Intel's processors. */
export function hasNativeRuntime({ os, cpu }: Target): boolean {
  return !(os === "darwin" && cpu === "x64");
}
