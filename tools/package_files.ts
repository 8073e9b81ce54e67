/**
 * Which files of the npm packages a binary needs.
 *
 * @module
 */
import { hasNativeRuntime, type Target } from "./targets.ts";

/** What a binary is to hold besides what it always does. */
export interface Contents {
  /** The platform that it is for. */
  readonly target: Target;
  /** Whether onnxruntime-node is built in. */
  readonly withNative: boolean;
  /** Whether the demo's files are built in. */
  readonly withDemo: boolean;
  /** Whether the fonts of writings other than Latin, Greek and Cyrillic are. Default: yes. */
  readonly withOtherFonts?: boolean | undefined;
}

/** What is left of a package that Deno wants to find and nobody is to load. */
const STUB = /^package\.json$/;

/** What programs run or read of packages: neither sources, nor maps, nor what authors work with. */
const RUN = /\.(?:[cm]?js|json|wasm|ttf|woff2|node|dll|dylib|so\.1)$/;

/** What a package asks to be handed on with it. */
const LICENCE = /^(?:.+\/)?(?:licen[cs]e|copying|notice|authors)[^/]*$/i;

/** The files of onnxruntime-web that `onnxruntime-web` and `onnxruntime-web/webgpu` load in Deno. */
const WEB_RUNTIME = new RegExp(
  String.raw`^(?:package\.json|LICENSE.*|dist/(?:ort\.node\.min\.mjs|` +
    String.raw`ort\.webgpu\.bundle\.min\.mjs|` +
    String.raw`ort-wasm-simd-threaded(?:\.asyncify)?\.(?:mjs|wasm)))$`,
);

/** The fonts that `lib/plot/canvas.ts` registers. */
const FONTS = /^(?:package\.json|LICENSE|AUTHORS)$|^ttf\/DejaVuSans(?:-Bold)?\.ttf$/;

/** The fonts that `lib/plot/fonts.ts` registers, and where it learns which letters each has. */
const OTHER_FONTS =
  /^(?:package\.json|unicode\.json|LICENSE)$|^files\/[\w-]+-(?:\d+|devanagari)-wght-normal\.woff2$/;

/**
 * The library of onnxruntime-node on each system. What GPUs need on Windows lies beside it, and a
 * second copy of it on macOS: the processor needs neither.
 */
const NATIVE_LIBRARY: Record<Target["os"], string> = {
  linux: "libonnxruntime.so.1",
  darwin: "libonnxruntime.1.dylib",
  win32: "onnxruntime.dll",
};

/** The native code of onnxruntime-node for a target, as paths in the package. */
function nativeRuntimePaths({ os, cpu }: Target): string[] {
  return ["onnxruntime_binding.node", NATIVE_LIBRARY[os]].map((name) =>
    `bin/napi-v6/${os}/${cpu}/${name}`
  );
}

/** Whether a binary needs a file of a package; `path` is that in the package, with slashes. */
export function isNeeded(
  name: string,
  path: string,
  { target, withNative, withOtherFonts = true }: Contents,
): boolean {
  if (target.unfit.includes(name)) return STUB.test(path);
  if (name === "onnxruntime-web") return WEB_RUNTIME.test(path);
  if (name === "dejavu-fonts-ttf") return FONTS.test(path);
  if (name.startsWith("@fontsource-variable/")) {
    return OTHER_FONTS.test(path) && (withOtherFonts || !path.startsWith("files/"));
  }
  if (name === "onnxruntime-node") {
    if (!withNative) return STUB.test(path);
    if (path.startsWith("script/")) return false;
    if (path.startsWith("bin/")) return nativeRuntimePaths(target).includes(path);
  }
  return RUN.test(path) || LICENCE.test(path);
}

/**
 * The name of a package's file in a binary. Deno reads all that does not look otherwise as a program;
 * of a licence it would embed the failure to do so, and in that the path of the file on this machine.
 */
export function nameInBinary(path: string): string {
  return LICENCE.test(path) && !RUN.test(path) && !path.endsWith(".md") ? `${path}.md` : path;
}

/** Whether a package is for a target: the canvas has one for each platform. */
export function isFor(name: string, target: Target): boolean {
  if (!name.startsWith("@napi-rs/canvas-")) return true;
  return name === `@napi-rs/canvas-${target.canvas}` || target.unfit.includes(name);
}

/** Native code, by the ends of its files' names. */
const NATIVE_CODE = /\.(?:node|dll|dylib|so(?:\.[\d.]+)?)$/;

/** What of the project itself is in every binary. */
const OWN_FILES = /^(?:coact\.ts|deno\.json|(?:lib|scripts)\/.+)$/;

/** Empty: Deno notes that it has said of a package that its install scripts were not run. */
const SCRIPTS_WARNED = /\/\.scripts-warned-\d+$/;

/** The folders of the demo that it reads. */
export const DEMO_FOLDERS = ["data", "lm", "sae", "sae_traditional"] as const;

/** Where `deno compile` puts npm's packages: then come the package's name and version. */
export const PACKAGES_FOLDER = ".deno_compile_node_modules/localhost/";

/** What must be there, as patterns of paths, each with what it is. */
function requirements({ target, withNative, withDemo }: Contents): [string, RegExp][] {
  const native = withNative ? nativeRuntimePaths(target) : [];
  const demo = withDemo ? DEMO_FOLDERS : [];
  return [
    ["the program", /^coact\.ts$/],
    ["a shader", /^lib\/wgsl\/.+\.wgsl$/],
    ["the font", /\/dejavu-fonts-ttf\/[^/]+\/ttf\/DejaVuSans\.ttf$/],
    ["the bold font", /\/dejavu-fonts-ttf\/[^/]+\/ttf\/DejaVuSans-Bold\.ttf$/],
    ["the Chinese and Japanese font", /\/noto-sans-sc\/.+\.woff2$/],
    ["the Korean font", /\/noto-sans-kr\/.+\.woff2$/],
    ["the Hindi font", /\/noto-sans-devanagari\/.+\.woff2$/],
    ["ONNX Runtime in WebAssembly", /\/onnxruntime-web\/.+\/ort-wasm-simd-threaded\.wasm$/],
    ["its thread", /\/onnxruntime-web\/.+\/ort-wasm-simd-threaded\.mjs$/],
    ["ONNX Runtime on WebGPU", /\/onnxruntime-web\/.+\/ort-wasm-simd-threaded\.asyncify\.wasm$/],
    ["its loader", /\/onnxruntime-web\/.+\/ort-wasm-simd-threaded\.asyncify\.mjs$/],
    ["the canvas", new RegExp(`/@napi-rs/canvas-${target.canvas}/.+\\.node$`)],
    ...native.map((path): [string, RegExp] => {
      return [`onnxruntime-node's ${path}`, new RegExp(`/onnxruntime-node/[^/]+/${path}$`)];
    }),
    ...demo.map((folder): [string, RegExp] => {
      return [`the demo's ${folder}`, new RegExp(`^demo/${folder}/`)];
    }),
  ];
}

/** Whether a file may be in a binary. */
function isAllowed(path: string, contents: Contents): boolean {
  const { target, withNative, withDemo } = contents;
  if (path.startsWith("demo/")) {
    return withDemo && DEMO_FOLDERS.some((folder) => path.startsWith(`demo/${folder}/`));
  }
  if (!path.startsWith(PACKAGES_FOLDER)) return OWN_FILES.test(path);
  if (SCRIPTS_WARNED.test(path)) return true;
  if (!RUN.test(path) && !LICENCE.test(path) || path.includes("/fast-check/")) return false;
  if (!NATIVE_CODE.test(path)) return true;
  const [, nativePath] = /\/onnxruntime-node\/[^/]+\/(.+)$/.exec(path) ?? [];
  if (nativePath !== undefined) {
    return withNative && nativeRuntimePaths(target).includes(nativePath);
  }
  return path.includes(`/@napi-rs/canvas-${target.canvas}/`);
}

/**
 * What is wrong with the files in a binary: what is missing, and what is not to be there.
 *
 * @param paths Relative to the root of the binary's files, with slashes.
 */
export function findContentProblems(paths: readonly string[], contents: Contents): string[] {
  const missing = requirements(contents).filter(([, pattern]) =>
    !paths.some((path) => pattern.test(path))
  );
  return [
    ...missing.map(([what]) => `${what} is missing`),
    ...paths.filter((path) => !isAllowed(path, contents)).map((path) => `${path} is not needed`),
  ];
}

/** Why a binary cannot be made with such contents, undefined if it can. */
export function contentsRefusal({ target, withNative }: Contents): string | undefined {
  if (!withNative || hasNativeRuntime(target)) return undefined;
  return `--with-native: onnxruntime-node has nothing for ${target.os} on ${target.cpu}; ` +
    "leave it out for this target";
}
